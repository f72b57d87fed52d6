/** The page's start: a graph as an app where the address asks for one, else the editor. */
import { readAddress } from "./app/address";
import { awaitInstallOffer } from "./offline/install";
import { loadSettings } from "./settings";
import { showFirst } from "./theme/looks";

awaitInstallOffer();
showFirst(loadSettings().look);
void (readAddress(location.href).isApp ? import("./app/main") : import("./main"));

/** The start of a page that shows a graph as an app: the engine and the graph of its address, without the editor. */
import "../style.css"; // before those of the page's parts
import definitions from "virtual:schemas";
import { createEngine } from "../../browser/client";
import type { StoredGraph } from "../../graph/stored";
import { h } from "../dom";
import { keepOffline } from "../offline/register";
import { loadSettings, storeSettings } from "../settings";
import { followLook } from "../theme/page-look";
import { createToasts } from "../toasts";
import { addressWith, graphAt, graphInAddress, readAddress } from "./address";
import { obstacleOf } from "./model";
import { type AppHandle, createApp } from "./page";

declare global {
  interface Window {
    /** For tests that drive this page. */
    __app?: AppHandle;
  }
}

/** The editor, with what could be read. */
function editorAddress(graph: StoredGraph | undefined): string {
  try {
    return graph ? addressWith(graph, location.href, false) : "./";
  } catch {
    return "./"; // it is too large for an address
  }
}

const settings = loadSettings();
const themes = followLook(settings.look);
const toasts = createToasts();
const root = document.getElementById("editor")!;
const { source } = readAddress(location.href);
let read: StoredGraph | undefined;
try {
  read = source?.kind === "data" ? graphInAddress(source.text) : await graphAt(source?.address ?? "", location.href);
  const obstacle = obstacleOf(read, definitions);
  if (obstacle) throw new Error(obstacle);
  const engine = createEngine({ preload: true, kernels: settings.kernels });
  window.__app = createApp({ root, graph: read, definitions, engine, toasts, settings, themes, keep: storeSettings });
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  root.classList.add("app");
  root.setAttribute("role", "main");
  root.replaceChildren(
    h("div", { class: "app-wrong", role: "alert" }, [
      h("h1", {}, ["This app cannot be opened"]),
      h("p", {}, [message.charAt(0).toUpperCase() + message.slice(1)]),
      h("a", { class: "button", href: editorAddress(read) }, [read ? "Open its graph in the editor" : "Open the editor"]),
    ]),
  );
}
addEventListener("hashchange", () => location.reload()); // another link, in the same tab
void keepOffline({ toasts, obstacle: () => (window.__app?.computing.busy ? "a run is under way" : undefined), save: () => {} });

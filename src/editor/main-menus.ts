/** What the toolbar's menus hold. */
import type { Commands } from "./commands/commands";
import type { MenuEntry } from "./menu";
import type { LookSetting } from "./theme/looks";
import { lookMenu } from "./theme/page-look";

/** `look`: how the page looks now, which `choose` changes. */
export const fileMenu = (commands: Commands, look: LookSetting, choose: (look: LookSetting) => void): readonly MenuEntry[] => [
  ...commands.menu([
    "file.new",
    "file.open",
    "file.graphs",
    null,
    "file.save",
    "file.export",
    "file.picture",
    null,
    "file.photos",
    "app.open",
    "app.link",
    "page.install",
  ]),
  null,
  ...lookMenu(look, choose),
];

/** What the toolbar's menus hold. */
import type { Commands } from "./commands/commands";
import type { MenuEntry } from "./menu";

export const fileMenu = (commands: Commands): readonly MenuEntry[] =>
  commands.menu([
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
  ]);

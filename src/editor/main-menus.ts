/** What the toolbar's menus hold. */
import { readGraph } from "../graph/clean";
import type { Autosave } from "./autosave";
import type { Commands } from "./commands/commands";
import type { FileImport } from "./file-import";
import type { ReadyGraph } from "./graphs";
import type { MenuEntry } from "./menu";
import type { Toasts } from "./toasts";

export const fileMenu = (commands: Commands): readonly MenuEntry[] =>
  commands.menu([
    "file.new",
    "file.open",
    null,
    "file.save",
    "file.export",
    "file.picture",
    null,
    "file.photos",
    "app.open",
    "app.link",
  ]);

export async function graphsMenu(
  ready: readonly ReadyGraph[],
  autosave: Autosave,
  fileImport: FileImport,
  toasts: Toasts,
): Promise<readonly MenuEntry[]> {
  const recent = await autosave.recent();
  return [
    "Ready graphs",
    ...ready.map(({ title, description, graph }) => ({
      label: title,
      detail: description,
      act: () => void fileImport.openGraph(graph, title),
    })),
    ...(recent.length ? [null, "From other tabs and days"] : []),
    ...recent.map(({ title, time, text }) => ({
      label: title,
      detail: new Date(time).toLocaleString(),
      act: () => void toasts.attempt(() => fileImport.openGraph(readGraph(text), title)),
    })),
  ];
}

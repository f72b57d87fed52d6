/** What the toolbar's menus hold. */
import { readGraph } from "../graph/clean";
import type { Autosave } from "./autosave";
import type { GraphDocument } from "./document";
import type { ReadyGraph } from "./graphs";
import type { Intake } from "./intake";
import type { MenuEntry } from "./menu";
import type { Outlet } from "./outlet";
import type { Toasts } from "./toasts";
import { keys } from "./toolbar";

export const fileMenu = (document: GraphDocument, intake: Intake, outlet: Outlet): readonly MenuEntry[] => [
  { label: "New", act: () => document.clear() },
  { label: "Open…", detail: "A graph (.json), or a picture saved here (.png)", hint: keys("Ctrl+O"), act: () => intake.open() },
  null,
  { label: "Save graph", hint: keys("Ctrl+S"), act: outlet.saveGraph },
  { label: "Export with files", detail: "Pictures and priors inside, so that it runs anywhere", act: outlet.exportWithFiles },
  { label: "Save picture", act: outlet.savePicture },
];

export async function graphsMenu(
  ready: readonly ReadyGraph[],
  autosave: Autosave,
  intake: Intake,
  toasts: Toasts,
): Promise<readonly MenuEntry[]> {
  const recent = await autosave.recent();
  return [
    "Ready graphs",
    ...ready.map(({ title, description, graph }) => ({
      label: title,
      detail: description,
      act: () => void intake.openGraph(graph, title),
    })),
    ...(recent.length ? [null, "From other tabs and days"] : []),
    ...recent.map(({ title, time, text }) => ({
      label: title,
      detail: new Date(time).toLocaleString(),
      act: () => void toasts.attempt(() => intake.openGraph(readGraph(text), title)),
    })),
  ];
}

const GESTURES = [
  ["Run", "Ctrl+Enter"],
  ["Stop", "Esc"],
  ["Add a node", "Double-click"],
  ["Find a node", "/"],
  ["Move the view", "Drag the background"],
  ["Zoom", "Wheel"],
  ["Show all", "F"],
  ["Select several", "Ctrl+Drag"],
  ["Copy, paste, duplicate", "Ctrl+C, V, D"],
  ["Takes, keep this result", "T, K"],
  ["Undo, redo", "Ctrl+Z, Ctrl+Shift+Z"],
  ["Save, open", "Ctrl+S, Ctrl+O"],
  ["Load a picture", "Drop or paste it"],
] as const;

export const helpMenu = (): readonly MenuEntry[] => GESTURES.map(([label, hint]) => ({ label, hint: keys(hint), act: () => {} }));

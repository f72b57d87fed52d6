/** What the toolbar's menus hold. */
import { readGraph } from "../graph/clean";
import type { Autosave } from "./autosave";
import type { GraphDocument } from "./document";
import type { FileExport } from "./file-export";
import type { FileImport } from "./file-import";
import type { ReadyGraph } from "./graphs";
import type { MenuEntry } from "./menu";
import type { Toasts } from "./toasts";
import { keys } from "./toolbar";
import "./help.css";

export const fileMenu = (
  document: GraphDocument,
  fileImport: FileImport,
  fileExport: FileExport,
  photos: () => void,
): readonly MenuEntry[] => [
  { label: "New", act: () => document.clear() },
  {
    label: "Open…",
    detail: "A graph (.json), or a picture saved here (.png)",
    hint: keys("Ctrl+O"),
    act: () => fileImport.open(),
  },
  null,
  { label: "Save graph", hint: keys("Ctrl+S"), act: fileExport.saveGraph },
  { label: "Export with files", detail: "Pictures and priors inside, so that it runs anywhere", act: fileExport.exportWithFiles },
  { label: "Save picture", act: fileExport.savePicture },
  null,
  { label: "Several photos…", detail: "Runs this graph for each, into a .zip or a folder", act: photos },
];

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

/** What is done by which keys and gestures, by where they mean it. */
const GESTURES: Readonly<Record<string, readonly (readonly [what: string, keys: string])[]>> = {
  Graph: [
    ["Run", "Ctrl+Enter"],
    ["Stop", "Esc"],
    ["Add a node", "Double-click"],
    ["Find a node", "/"],
    ["Move the view", "Drag the background"],
    ["Zoom", "Wheel"],
    ["Show all", "F"],
    ["Select several, all", "Ctrl+Drag, Ctrl+A"],
    ["Copy, paste, duplicate", "Ctrl+C, V, D"],
    ["Delete", "Delete"],
    ["Undo, redo", "Ctrl+Z, Ctrl+Shift+Z"],
    ["Save, open", "Ctrl+S, Ctrl+O"],
    ["Load a picture", "Drop or paste it"],
    ["This list", "?"],
  ],
  "Large view": [
    ["Zoom", "Wheel, + −"],
    ["Move the picture", "Drag, arrows"],
    ["Fit, one to one", "0, 1"],
  ],
  Painting: [
    ["Class", "0–7"],
    ["Brush, eraser, fill, lasso", "B, E, G, L"],
    ["Size, hardness", "[ ], Shift+[ ]"],
    ["Take the class from the picture", "Alt+Click"],
    ["Move the picture", "Space+Drag"],
    ["Drop the stroke, leave the whole page", "Esc"],
  ],
  "Contact sheet": [
    ["Next cell", "Arrows"],
    ["Use the cell", "Enter, Click"],
    ["Use it in one region, or everywhere", "Alt+Enter, Alt+Click"],
    ["Zoom, fit", "+ −, 0"],
    ["Move in the cells", "Shift+Arrows"],
    ["Move the crop, on the photo", "Arrows"],
    ["Leave the whole page", "Esc"],
  ],
  Takes: [
    ["Show or hide", "T"],
    ["Keep this result", "K"],
    ["Next take", "Arrows"],
    ["Show the take, its prior", "Enter, P"],
    ["Compare: left, right", "A, B"],
    ["Put its recipe back", "R"],
    ["Rename, delete", "F2, Delete"],
  ],
};

export const helpMenu = (): readonly MenuEntry[] =>
  Object.entries(GESTURES).flatMap(([where, list]) => [
    where,
    ...list.map(([label, hint]) => ({ label, hint: keys(hint), act: () => {} })),
  ]);

/**
 * Everything that the editor can do by a key, a menu or the palette: named once, with the keys it has unless somebody gives it
 * others. What a command does is said where its parts are. No DOM.
 */
import { CLASSES } from "../../types";

/**
 * Where a key means a command: anywhere on the page, on it while nothing is typed, while the graph or nothing has the focus; on the
 * large view's picture, while painting, on a contact sheet, on a take. The latter four go before the page.
 */
export type Place = "anywhere" | "page" | "graph" | "view" | "paint" | "sheet" | "take";

export interface CommandInfo {
  readonly label: string;
  /** A second line in menus. */
  readonly detail?: string;
  readonly place: Place;
  readonly keys: readonly string[];
  /** A key held down goes on. */
  readonly repeats?: true;
}

const command = (place: Place, label: string, keys: readonly string[] = [], more: Partial<CommandInfo> = {}): CommandInfo => ({
  place,
  label,
  keys,
  ...more,
});

export const COMMANDS = {
  "run.start": command("anywhere", "Run", ["Ctrl+Enter"]),
  "run.stop": command("page", "Stop", ["Escape"]),
  "run.auto": command("page", "Run on change"),
  "run.node": command("graph", "Run to here"),

  "file.new": command("page", "New graph"),
  "file.open": command("anywhere", "Open…", ["Ctrl+O"], {
    detail: "A graph (.json), a picture saved here (.png), or a .zip of them",
  }),
  "file.graphs": command("page", "Ready graphs…", ["G"], { detail: "And those of other tabs and days" }),
  "file.save": command("anywhere", "Save graph", ["Ctrl+S"]),
  "file.export": command("page", "Export with files", [], { detail: "Pictures and priors inside, so that it runs anywhere" }),
  "file.picture": command("page", "Save picture"),
  "file.photos": command("page", "Several photos…", [], { detail: "Runs this graph for each, into a .zip or a folder" }),

  "app.open": command("page", "Open as app", [], { detail: "A simple page with what is marked in the parameters" }),
  "app.link": command("page", "Copy link to the app", [], { detail: "The graph is in the link; the photo is not" }),

  "edit.undo": command("page", "Undo", ["Ctrl+Z"], { repeats: true }),
  "edit.redo": command("page", "Redo", ["Ctrl+Shift+Z", "Ctrl+Y"], { repeats: true }),
  "edit.duplicate": command("page", "Duplicate", ["Ctrl+D"]),
  "edit.duplicateWired": command("page", "Duplicate with the wires into it", ["Ctrl+Shift+D"]),
  "edit.copy": command("page", "Copy"),
  "edit.cut": command("page", "Cut"),
  "edit.paste": command("page", "Paste"),
  "edit.pasteWired": command("page", "Paste with the wires into it"),
  "edit.selectAll": command("page", "Select all", ["Ctrl+A"]),
  "edit.remove": command("graph", "Delete", ["Delete", "Backspace"]),
  "edit.removeJoin": command("graph", "Delete and reconnect", ["Ctrl+Delete", "Ctrl+Backspace"]),
  "edit.bypass": command("page", "Bypass", ["Ctrl+B"], { detail: "It does not run: its input is handed on" }),
  "edit.mute": command("page", "Mute", ["Ctrl+M"], { detail: "It does not run, nor does what needs it" }),
  "edit.group": command("page", "Group the selection…", ["Ctrl+G"]),
  "group.menu": command("page", "Menu of the group…", ["Ctrl+Shift+G"], {
    detail: "That the selection is in, or one that is chosen",
  }),
  "group.rename": command("page", "Rename the group…", ["Shift+F2"]),
  "group.colour": command("page", "Colour of the group…"),
  "edit.arrange": command("page", "Arrange", [], { detail: "In columns, so that no wire runs behind a node" }),

  "edit.snap": command("page", "Snap to the grid"),
  "edit.left": command("graph", "Move left", ["ArrowLeft"], { repeats: true }),
  "edit.right": command("graph", "Move right", ["ArrowRight"], { repeats: true }),
  "edit.up": command("graph", "Move up", ["ArrowUp"], { repeats: true }),
  "edit.down": command("graph", "Move down", ["ArrowDown"], { repeats: true }),
  "edit.farLeft": command("graph", "Move far left", ["Shift+ArrowLeft"], { repeats: true }),
  "edit.farRight": command("graph", "Move far right", ["Shift+ArrowRight"], { repeats: true }),
  "edit.farUp": command("graph", "Move far up", ["Shift+ArrowUp"], { repeats: true }),
  "edit.farDown": command("graph", "Move far down", ["Shift+ArrowDown"], { repeats: true }),
  "align.left": command("page", "Align left sides"),
  "align.centre": command("page", "Align centres, one below another"),
  "align.right": command("page", "Align right sides"),
  "align.top": command("page", "Align tops"),
  "align.middle": command("page", "Align middles, side by side"),
  "align.bottom": command("page", "Align bottoms"),
  "align.across": command("page", "Distribute from left to right"),
  "align.down": command("page", "Distribute from top to bottom"),

  "snippet.save": command("page", "Save as a snippet…"),
  "snippet.insert": command("page", "Insert a snippet…", ["I"]),
  "walk.next": command("graph", "Go to the next node", ["."], { repeats: true }),
  "walk.previous": command("graph", "Go to the node before", [","], { repeats: true }),
  "walk.left": command("graph", "Go to the node on the left", ["Ctrl+ArrowLeft"], { repeats: true }),
  "walk.right": command("graph", "Go to the node on the right", ["Ctrl+ArrowRight"], { repeats: true }),
  "walk.up": command("graph", "Go to the node above", ["Ctrl+ArrowUp"], { repeats: true }),
  "walk.down": command("graph", "Go to the node below", ["Ctrl+ArrowDown"], { repeats: true }),

  "node.add": command("graph", "Add a node…", ["N"]),
  "node.note": command("page", "Add a note"),
  "subgraph.enter": command("graph", "Enter the subgraph", ["Alt+ArrowDown"], { detail: "Shows what is in it; Esc comes back" }),
  "subgraph.leave": command("page", "Leave the subgraph", ["Alt+ArrowUp"]),
  "subgraph.input": command("page", "Add an input to the subgraph…"),
  "subgraph.output": command("page", "Add an output to the subgraph…"),
  "node.pack": command("graph", "Pack into a subgraph…", ["Ctrl+Shift+E"]),
  "node.unpack": command("graph", "Unpack the subgraph", ["U"], { detail: "What is in it, into this graph" }),
  "node.replace": command("graph", "Replace by…", ["R"], { detail: "Another type, with the wires that fit" }),
  "node.colour": command("page", "Colour…"),
  "node.find": command("page", "Go to a node…", ["Ctrl+F"]),
  "node.params": command("graph", "Parameters", ["Enter"], { detail: "Gives the panel the keys; Esc comes back" }),
  "node.connect": command("graph", "Connect…", ["W"], { detail: "By keys: a slot, then where its wire goes; or cuts it" }),
  "node.menu": command("graph", "Menu of the node", ["Shift+F10", "ContextMenu"]),
  "node.rename": command("graph", "Rename…", ["F2"]),
  "node.collapse": command("graph", "Collapse", ["C"]),
  "node.picture": command("graph", "Save its picture", [], { detail: "With the graph in it; no Save is needed" }),
  "node.copyPicture": command("graph", "Copy its picture"),
  "node.exportOnnx": command("graph", "Export ONNX", [], { detail: "The weights for other programs" }),
  "node.help": command("graph", "Help", ["F1"]),

  "page.palette": command("anywhere", "All commands…", ["Ctrl+K"]),
  "page.find": command("page", "Find a node", ["/"]),
  "page.part": command("anywhere", "Go to the next part of the page", ["F6"], { detail: "Messages, graph, large view, panels" }),
  "page.partBefore": command("anywhere", "Go to the part before", ["Shift+F6"]),
  "page.list": command("page", "Show or hide the nodes"),
  "page.view": command("page", "Show or hide the large view", ["V"]),
  "page.dock": command("page", "Large view beside or below the graph"),
  "page.install": command("page", "Install…", [], { detail: "As a program of its own, which opens without a network too" }),
  "page.help": command("page", "Keys and gestures", ["?"]),
  "graph.showAll": command("page", "Show all", ["F"]),
  "graph.zoomIn": command("graph", "Zoom in", ["+", "="], { repeats: true }),
  "graph.zoomOut": command("graph", "Zoom out", ["-"], { repeats: true }),

  "takes.toggle": command("page", "Show or hide the takes", ["T"]),
  "takes.keep": command("page", "Keep this result", ["K"]),

  "view.zoomIn": command("view", "Zoom in", ["+", "="], { repeats: true }),
  "view.zoomOut": command("view", "Zoom out", ["-"], { repeats: true }),
  "view.fit": command("view", "Fit the picture", ["0"]),
  "view.100": command("view", "100 %", ["1"]),
  "view.200": command("view", "200 %", ["2"]),
  "view.400": command("view", "400 %", ["4"]),

  "paint.brush": command("paint", "Brush", ["B"]),
  "paint.eraser": command("paint", "Eraser", ["E"]),
  "paint.fill": command("paint", "Fill", ["G"]),
  "paint.lasso": command("paint", "Lasso", ["L"]),
  "paint.smaller": command("paint", "Smaller brush", ["["], { repeats: true }),
  "paint.larger": command("paint", "Larger brush", ["]"], { repeats: true }),
  "paint.softer": command("paint", "Softer edge", ["{"], { repeats: true }),
  "paint.harder": command("paint", "Harder edge", ["}"], { repeats: true }),
  "paint.class0": command("paint", `Class 0: ${CLASSES[0]}`, ["0"]),
  "paint.class1": command("paint", `Class 1: ${CLASSES[1]}`, ["1"]),
  "paint.class2": command("paint", `Class 2: ${CLASSES[2]}`, ["2"]),
  "paint.class3": command("paint", `Class 3: ${CLASSES[3]}`, ["3"]),
  "paint.class4": command("paint", `Class 4: ${CLASSES[4]}`, ["4"]),
  "paint.class5": command("paint", `Class 5: ${CLASSES[5]}`, ["5"]),
  "paint.class6": command("paint", `Class 6: ${CLASSES[6]}`, ["6"]),
  "paint.class7": command("paint", `Class 7: ${CLASSES[7]}`, ["7"]),

  "sheet.use": command("sheet", "Use the cell", ["Enter", "Space"]),
  "sheet.useHere": command("sheet", "Use it in one region, or everywhere", ["Alt+Enter"]),
  "sheet.zoomIn": command("sheet", "Zoom in", ["+", "="], { repeats: true }),
  "sheet.zoomOut": command("sheet", "Zoom out", ["-"], { repeats: true }),
  "sheet.fit": command("sheet", "Fit", ["0"]),

  "take.show": command("take", "Show the take", ["Enter"]),
  "take.prior": command("take", "Show its prior", ["P"]),
  "take.left": command("take", "Compare: left", ["A"]),
  "take.right": command("take", "Compare: right", ["B"]),
  "take.restore": command("take", "Put its recipe back", ["R"]),
  "take.rename": command("take", "Rename", ["F2"]),
  "take.remove": command("take", "Delete", ["Delete", "Backspace"]),
} as const satisfies Readonly<Record<string, CommandInfo>>;

export type CommandId = keyof typeof COMMANDS;
export const COMMAND_IDS = Object.keys(COMMANDS) as CommandId[];
export const infoOf = (id: CommandId): CommandInfo => COMMANDS[id];
export const isCommandId = (text: string): text is CommandId => Object.hasOwn(COMMANDS, text);

/** Places whose keys mean one thing only between them. */
const PAGE: readonly Place[] = ["anywhere", "page", "graph"];

/** Whether a key in one place would hide, or be hidden by, the same key in another of the same rank. */
export const placesMeet = (a: Place, b: Place): boolean => a === b || (PAGE.includes(a) && PAGE.includes(b));

/** The commands that change selected nodes: modes, places, deleting with what they joined. Each is one step of undo. */
import type { GraphCanvas } from "../canvas";
import { titlesOf } from "../change";
import type { Commands, Handler } from "../commands/commands";
import type { CommandId } from "../commands/table";
import type { GraphDocument } from "../document";
import type { Layout } from "../layout";
import type { NodeActions } from "../node-actions";
import type { Settings } from "../settings";
import type { Point } from "../wires/geometry";
import { boxOf, TITLE } from "../wires/wires";
import { type Alignment, aligned, distributed } from "./align";
import { GRID, nudged } from "./grid";
import { removeAndJoin } from "./heal";
import { areAll, type Off, toggleOff } from "./modes";

export interface EditCommandParts {
  readonly document: GraphDocument;
  readonly canvas: GraphCanvas;
  readonly nodes: NodeActions;
  readonly settings: Settings;
  readonly layout: Layout;
}

/** How far an arrow key moves nodes, and with Shift, in graph units; and the view where none is selected, in CSS pixels. */
const STEP = { near: 6, far: GRID, view: 60, viewFar: 240 };

export function provideEditCommands(commands: Commands, { document, canvas, nodes, settings, layout }: EditCommandParts): void {
  const { graph } = document;
  const several = (count: number) => (): boolean => nodes.selected.length >= count;

  const off = (mode: Off, verb: string): Handler => ({
    run() {
      const { selected } = nodes;
      const does = areAll(selected, mode) ? "run" : verb.toLowerCase();
      document.edit(`${does} ${titlesOf(selected)}`, () => void toggleOff(selected, mode));
    },
    available: several(1),
    checked: () => areAll(nodes.selected, mode),
    label: () => (nodes.selected.length > 1 ? `${verb} ${nodes.selected.length} nodes` : verb),
  });

  const move =
    (x: -1 | 0 | 1, y: -1 | 0 | 1, far = false) =>
    (): void => {
      const { selected } = nodes;
      if (!selected.length) {
        const by = far ? STEP.viewFar : STEP.view;
        canvas.panBy(-x * by, -y * by);
        return;
      }
      const by = far ? STEP.far : STEP.near;
      const [lead] = selected;
      const [dx, dy] = [lead!.pos[0], lead!.pos[1]].map((at, axis) => {
        const sign = [x, y][axis]!;
        return sign ? nudged(at, sign, far && settings.snap ? 2 * by : by, settings.snap) - at : 0;
      }) as [number, number];
      document.edit(
        `move ${titlesOf(selected)}`,
        () => {
          for (const node of selected) node.pos = [node.pos[0] + dx, node.pos[1] + dy];
        },
        { merge: "move", cosmetic: true },
      );
    };

  const arrange = (verb: string, least: number, corners: (boxes: ReturnType<typeof boxOf>[]) => Point[]): Handler => ({
    run() {
      const { selected } = nodes;
      const to = corners(selected.map(boxOf));
      document.edit(
        `${verb} ${titlesOf(selected)}`,
        () => {
          for (const [i, node] of selected.entries()) node.pos = [Math.round(to[i]![0]), Math.round(to[i]![1] + TITLE)];
        },
        { cosmetic: true },
      );
    },
    available: several(least),
  });
  const align = (to: Alignment): Handler => arrange("align", 2, (boxes) => aligned(boxes, to));

  canvas.drag.snap = settings.snap;
  commands.provide({
    "edit.bypass": off("bypassed", "Bypass"),
    "edit.mute": off("muted", "Mute"),
    "edit.removeJoin": {
      run() {
        const { selected } = nodes;
        document.edit(`delete ${titlesOf(selected)} and reconnect`, () => removeAndJoin(graph, selected));
      },
      available: several(1),
    },
    "edit.snap": {
      run() {
        layout.change({ snap: !settings.snap });
        canvas.drag.snap = settings.snap;
      },
      checked: () => settings.snap,
    },
    "edit.left": move(-1, 0),
    "edit.right": move(1, 0),
    "edit.up": move(0, -1),
    "edit.down": move(0, 1),
    "edit.farLeft": move(-1, 0, true),
    "edit.farRight": move(1, 0, true),
    "edit.farUp": move(0, -1, true),
    "edit.farDown": move(0, 1, true),
    "align.left": align("left"),
    "align.centre": align("centre"),
    "align.right": align("right"),
    "align.top": align("top"),
    "align.middle": align("middle"),
    "align.bottom": align("bottom"),
    "align.across": arrange("distribute", 3, (boxes) => distributed(boxes, 0)),
    "align.down": arrange("distribute", 3, (boxes) => distributed(boxes, 1)),
  });
}

/** What a menu "Align" holds. */
export const ALIGN_MENU: readonly (CommandId | null)[] = [
  "align.left",
  "align.centre",
  "align.right",
  null,
  "align.top",
  "align.middle",
  "align.bottom",
  null,
  "align.across",
  "align.down",
];

/** The graph by keys alone: going from node to node, into their parameters, their menus and their wires, with all of it announced. */
import type { LGraphNode } from "litegraph.js/build/litegraph.core.js";
import { stateOf } from "../../litegraph/state";
import type { GraphCanvas } from "../canvas";
import type { Commands } from "../commands/commands";
import { infoOf } from "../commands/table";
import type { GraphDocument } from "../document";
import type { NodeActions } from "../node-actions";
import { openNodeMenu } from "../node-menus";
import { isSubgraph } from "../subgraphs/commands";
import type { Toasts } from "../toasts";
import { boxOf } from "../wires/wires";
import type { Announcer } from "./announcer";
import { openConnect } from "./connect";
import { describeNode } from "./describe";
import { goToPart } from "./parts";
import { type Direction, following, type Place, towards } from "./walk";

export interface KeyboardParts {
  readonly document: GraphDocument;
  readonly canvas: GraphCanvas;
  readonly nodes: NodeActions;
  readonly announcer: Announcer;
  readonly toasts: Toasts;
  /** Shows the parameters and gives the first of them the keys. */
  openParams(): void;
}

export function provideKeyboardCommands(commands: Commands, parts: KeyboardParts): void {
  const { document, canvas, nodes, announcer, toasts } = parts;
  const one = (): LGraphNode | undefined => (nodes.selected.length === 1 ? nodes.selected[0] : undefined);
  const places = (): Place[] =>
    nodes.all.map((node) => {
      const [x, y, width, height] = boxOf(node);
      return { id: node.id, x, y, width, height };
    });
  const go = (find: (all: Place[], from: number | undefined) => number | undefined) => ({
    run() {
      const id = find(places(), one()?.id);
      const node = id === undefined ? undefined : nodes.byId(String(id));
      if (!node) return;
      canvas.selectNodes([node]);
      if (!canvas.isInView(node)) canvas.centerOnNode(node);
    },
    available: () => nodes.all.length > 0,
  });
  const to = (direction: Direction) => go((all, from) => towards(all, from, direction));
  const ofOne = (run: () => void) => ({ run, available: () => one() !== undefined });

  commands.provide({
    "walk.next": go((all, from) => following(all, from, 1)),
    "walk.previous": go((all, from) => following(all, from, -1)),
    "walk.left": to("left"),
    "walk.right": to("right"),
    "walk.up": to("up"),
    "walk.down": to("down"),
    "page.part": () => goToPart(globalThis.document, 1),
    "page.partBefore": () => goToPart(globalThis.document, -1),
    "node.params": {
      ...ofOne(() => (isSubgraph(one()) ? commands.run("subgraph.enter") : parts.openParams())),
      label: () => infoOf(isSubgraph(one()) ? "subgraph.enter" : "node.params").label,
    },
    "node.connect": ofOne(() => openConnect({ document, canvas, nodes, toasts, announce: announcer.say })),
    "node.menu": ofOne(() => {
      const node = one()!;
      const [x, y, width] = boxOf(node);
      openNodeMenu(new MouseEvent("contextmenu", canvas.pagePoint([x + width / 2, y + 30])), node, canvas, document, commands);
    }),
  });
}

/** Says what is selected: one node in full, several by their number. */
export function announceSelection(announcer: Announcer, document: GraphDocument, nodes: NodeActions): void {
  const [node, ...more] = nodes.selected;
  if (more.length) announcer.say(`${more.length + 1} nodes selected`);
  else if (node) announcer.say(describeNode(document.graph, nodes.all, node, stateOf(node)));
}

/** The commands that enter subgraphs, leave them, change what comes in and goes out, put nodes into one, and take it out into its graph. */
import type { LGraphNode } from "litegraph.js/build/litegraph.core.js";
import { withPort } from "../../graph/ports";
import { unpacked } from "../../graph/subgraphs";
import { graphHeldBy } from "../../litegraph/host";
import { ask } from "../ask";
import type { GraphCanvas } from "../canvas";
import { titlesOf } from "../change";
import type { Commands } from "../commands/commands";
import type { GraphDocument } from "../document";
import { groupsOn } from "../edits/groups";
import { frameOf } from "../graph-commands";
import type { Announcer } from "../keyboard/announcer";
import type { NodeActions } from "../node-actions";
import type { Toasts } from "../toasts";
import { packed } from "./pack";

/** A node that holds a graph. */
export const isSubgraph = (node: LGraphNode | undefined): boolean => node !== undefined && graphHeldBy(node) !== undefined;

export interface SubgraphCommandParts {
  readonly document: GraphDocument;
  readonly canvas: GraphCanvas;
  readonly nodes: NodeActions;
  readonly announcer: Announcer;
  readonly toasts: Toasts;
}

/** Between what was in a subgraph and what is on the right of it, once it is unpacked, in graph units. */
const GAP = 40;

export function provideSubgraphCommands(commands: Commands, parts: SubgraphCommandParts): void {
  const { document, canvas, nodes, announcer, toasts } = parts;
  const one = (): LGraphNode | undefined => (nodes.selected.length === 1 ? nodes.selected[0] : undefined);
  const isInside = (): boolean => document.path.length > 0;

  function go(path: readonly number[]): void {
    if (!toasts.attempt(() => document.enter(path))) return;
    const where = document.way.at(-1);
    announcer.say(`${where ? `Inside of ${where.title || "the subgraph"}` : document.title}: ${nodes.all.length} nodes`);
  }
  const port = (side: "input" | "output") => ({
    async run() {
      const name = (await ask(`Name of the subgraph's ${side}`, side === "input" ? "image" : "result", "Add"))?.trim();
      if (!name || !isInside()) return;
      toasts.attempt(() => {
        const { graph, id } = withPort(document.stored(), document.path, side, name);
        document.replace(graph, `add the ${side} “${name}”`, { fit: false, select: [id] });
      });
    },
    available: isInside,
  });

  commands.provide({
    "subgraph.enter": { run: () => go([...document.path, one()!.id]), available: () => isSubgraph(one()) },
    "subgraph.leave": {
      run: () => go(document.path.slice(0, -1)),
      available: isInside,
      label: () => `Back to ${document.way.at(-2)?.title || document.title}`,
    },
    "subgraph.input": port("input"),
    "subgraph.output": port("output"),
    "node.pack": {
      async run() {
        const ids = new Set(nodes.selected.map(({ id }) => id));
        const titles = titlesOf(nodes.selected);
        const title = (await ask("Name of the subgraph", ids.size === 1 ? titles : "Subgraph", "Pack"))?.trim();
        if (!title) return;
        toasts.attempt(() => {
          const { graph, id } = packed(document.shown(), ids, title);
          document.replaceShown(graph, `pack ${titles} into “${title}”`, { select: [id] });
        });
      },
      available: () => nodes.selected.length > 0,
      label: () => (nodes.selected.length > 1 ? `Pack ${nodes.selected.length} nodes into a subgraph…` : "Pack into a subgraph…"),
    },
    "node.unpack": {
      run() {
        const node = one()!;
        toasts.attempt(() => {
          const { graph, ids } = unpacked(document.shown(), node.id);
          const frames = document.shown().groups.length;
          const inside = (): LGraphNode[] => nodes.all.filter(({ id }) => ids.includes(id));
          document.replaceShown(graph, `unpack ${titlesOf([node])}`, {
            select: ids,
            // Nodes are as large as what they show: the frame is drawn around them as they are, and what is beside it makes room.
            tidy() {
              if (!inside().length) return;
              const frame = frameOf(inside());
              groupsOn(document)[frames]?.configure({ ...(graph.groups[frames] as object), bounding: [...frame] } as never);
              const beside = nodes.all.filter(({ id, pos }) => !ids.includes(id) && pos[0] > node.pos[0]);
              const room = frame[0] + frame[2] + GAP - Math.min(...beside.map(({ pos }) => pos[0]));
              if (room > 0) for (const one of beside) one.pos = [one.pos[0] + room, one.pos[1]];
            },
          });
          if (!inside().every((one) => canvas.isInView(one))) canvas.fitNodes(nodes.all);
        });
      },
      available: () => isSubgraph(one()),
    },
  });
}

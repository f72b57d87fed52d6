/** What the commands on the graph and its nodes do: they are for the nodes that are selected. */
import { LGraphGroup, type LGraphNode } from "litegraph.js/build/litegraph.core.js";
import { INPUT, OUTPUT } from "../graph/subgraphs";
import { ask } from "./ask";
import type { GraphCanvas, Point } from "./canvas";
import { firstType } from "./catalog";
import { titleOf, titlesOf } from "./change";
import type { Commands } from "./commands/commands";
import type { GraphDocument } from "./document";
import { groupsOn, nodesIn } from "./edits/groups";
import type { NodeActions } from "./node-actions";
import { type Choice, openPicker } from "./picker";
import { nodesElsewhere } from "./subgraphs/elsewhere";
import { goToNode } from "./subgraphs/go";
import { dotStyle } from "./theme/themes";
import type { Toasts } from "./toasts";

export interface GraphCommandParts {
  readonly document: GraphDocument;
  readonly canvas: GraphCanvas;
  readonly nodes: NodeActions;
  readonly toasts: Toasts;
  run(target: LGraphNode): void;
  exportOnnx(node: LGraphNode): void;
  /** Shows a node's help. */
  help(node: LGraphNode): void;
}

export function provideGraphCommands(commands: Commands, parts: GraphCommandParts): void {
  const { document, canvas, nodes, toasts } = parts;
  const one = (): LGraphNode | undefined => (nodes.selected.length === 1 ? nodes.selected[0] : undefined);
  const several = (): readonly LGraphNode[] | undefined => (nodes.selected.length > 1 ? nodes.selected : undefined);
  const ofOne = (act: (node: LGraphNode) => unknown, fits: (node: LGraphNode) => boolean = () => true) => ({
    run: () => act(one()!),
    available: () => one() !== undefined && fits(one()!),
  });
  const ofAll = (verb: string, act: () => void) => ({
    run: act,
    available: () => nodes.selected.length > 0,
    label: () => (several() ? `${verb} ${nodes.selected.length} nodes` : verb),
  });

  /** The name of a port is that of the slot outside. */
  async function renamePort(node: LGraphNode, { side, name }: NonNullable<ReturnType<typeof portOf>>): Promise<void> {
    const to = (await ask(`Name of the subgraph's ${side}`, name, "Rename"))?.trim();
    if (!to || to === name) return;
    const isTaken = nodes.all.some((other) => other.type === node.type && portOf(other)?.name === to);
    if (isTaken) toasts.show(`The subgraph has an ${side} “${to}” already: choose another name.`, "error");
    else document.edit(`rename the ${side} “${name}”`, () => node.setProperty("name", to));
  }

  commands.provide({
    "run.node": ofOne(parts.run),
    "edit.duplicate": ofAll("Duplicate", () => void toasts.attempt(() => nodes.duplicateSelected())),
    "edit.duplicateWired": {
      run: () => void toasts.attempt(() => nodes.duplicateSelected(true)),
      available: () => nodes.selected.length > 0,
    },
    "edit.remove": ofAll("Delete", () => nodes.removeSelected()),
    "edit.selectAll": () => canvas.selectNodes([...nodes.all]),
    "edit.group": {
      run: () => addGroup(document, nodes.selected, canvas.middle()),
      available: () => nodes.selected.length > 0,
    },
    "edit.arrange": {
      run: async () => {
        const { arrangeGraph } = await import("./wires/tidy"); // with what lays graphs out
        const arranged = several() ?? nodes.all;
        const label = several() ? `arrange ${titlesOf(arranged)}` : "arrange all";
        document.edit(label, () => arrangeGraph(document.graph, arranged), { cosmetic: true });
        if (!several()) canvas.fitNodes(nodes.all);
      },
      label: () => (several() ? `Arrange ${nodes.selected.length} nodes` : "Arrange all"),
    },
    "graph.showAll": () => canvas.fitNodes(nodes.all),
    "graph.zoomIn": () => canvas.zoomBy(1.25),
    "graph.zoomOut": () => canvas.zoomBy(0.8),
    "node.add": () => {
      const box = canvas.canvas.getBoundingClientRect();
      nodes.search({ clientX: box.left + box.width / 2 - 140, clientY: box.top + box.height / 4 }, canvas.middle());
    },
    "node.rename": ofOne(async (node) => {
      const port = portOf(node);
      if (port) return renamePort(node, port);
      const title = (await ask("Name of this node", titleOf(node), "Rename"))?.trim();
      if (title)
        document.edit(
          `rename ${titleOf(node)}`,
          () => {
            node.title = title;
          },
          { cosmetic: true },
        );
    }),
    "node.collapse": {
      run() {
        const { selected } = nodes;
        const all = selected.every(({ flags }) => flags.collapsed);
        const act = (): void => {
          for (const node of selected) if (Boolean(node.flags.collapsed) === all) node.collapse(false);
        };
        document.edit(`${all ? "expand" : "collapse"} ${titlesOf(selected)}`, act, { cosmetic: true });
      },
      available: () => nodes.selected.length > 0,
      label: () => (nodes.selected.every(({ flags }) => flags.collapsed) ? "Expand" : "Collapse"),
    },
    "node.find": {
      run: () => openPicker(undefined, "Go to which node?", placedChoices(document, nodes, toasts)),
      available: () => document.stored().nodes.length > 0,
    },
    "node.exportOnnx": ofOne(parts.exportOnnx, (node) => nodes.readsWeights(node)),
    "node.help": ofOne(parts.help),
  });
}

/** Of a node by which values come into a subgraph, or go out. */
function portOf({ type, properties }: LGraphNode): { readonly side: "input" | "output"; readonly name: string } | undefined {
  if (type !== INPUT && type !== OUTPUT) return undefined;
  return { side: type === INPUT ? "input" : "output", name: String(properties.name ?? "") };
}

/**
 * The nodes and groups that are on the canvas, and the nodes elsewhere in the graph and its subgraphs, as a picker offers them: one
 * is selected and brought into view.
 */
export const placedChoices = (document: GraphDocument, nodes: NodeActions, toasts: Toasts): Choice[] => [
  ...nodes.all.map((node): Choice => {
    const definition = nodes.definitionOf(node);
    return {
      title: titleOf(node),
      words: `go to node ${node.id} ${node.type}`,
      hint: "Go to the node",
      ...(definition && { dot: dotStyle(firstType(definition)) }),
      pick: () => nodes.show([node]),
    };
  }),
  ...groupsOn(document).map(
    (group): Choice => ({
      title: `Group ${group.title}`,
      words: "go to select",
      hint: "Select the group",
      pick: () => nodes.show(nodesIn(group)),
    }),
  ),
  ...nodesElsewhere(document.stored(), document.path).map(({ node, within }): Choice => {
    const definition = nodes.definition(node.type);
    return {
      title: node.title || definition?.title || node.type,
      words: `go to node ${node.id} ${node.type}`,
      hint: `In ${within ?? document.title}`,
      ...(definition && { dot: dotStyle(firstType(definition)) }),
      pick: () => void toasts.attempt(() => goToNode(document, nodes, node.id)),
    };
  }),
];

/** Asks for a name and draws a frame around nodes, or one to be filled at a point. */
export async function addGroup(document: GraphDocument, nodes: readonly LGraphNode[], at: Point): Promise<void> {
  const title = (await ask("Name of the group", "Group", "Add"))?.trim();
  if (!title) return;
  const box = new LGraphGroup();
  const frame = nodes.length ? frameOf(nodes) : ([at[0], at[1], 320, 200] as const);
  box.configure({ title, bounding: [...frame], color: "#3f5f8a", font: "22" } as never);
  document.edit(`add the group “${title}”`, () => document.graph.add(box as never), { cosmetic: true });
}

/** A frame around nodes with room for the group's title. */
export function frameOf(nodes: readonly LGraphNode[]): readonly [number, number, number, number] {
  const boxes = nodes.map((node) => node.getBounding());
  const left = Math.min(...boxes.map((box) => box[0])) - 20;
  const top = Math.min(...boxes.map((box) => box[1])) - 44;
  const right = Math.max(...boxes.map((box) => box[0] + box[2])) + 20;
  const bottom = Math.max(...boxes.map((box) => box[1] + box[3])) + 20;
  return [left, top, right - left, bottom - top];
}

/** The commands that change what nodes are and how they look: another type, a colour, a note. Each is one step of undo. */
import { type LGraphNode, LiteGraph } from "litegraph.js/build/litegraph.core.js";
import type { GraphCanvas } from "../canvas";
import { titlesOf } from "../change";
import type { Commands } from "../commands/commands";
import type { GraphDocument } from "../document";
import { type MenuEntry, openMenu } from "../menu";
import type { NodeActions } from "../node-actions";
import { openPicker } from "../picker";
import { COLOUR_NAMES, type ColourName, colourDot, NODE_COLOURS } from "./colours";
import { replaceNode, takeoverOf } from "./replace";

export interface NodeCommandParts {
  readonly document: GraphDocument;
  readonly canvas: GraphCanvas;
  readonly nodes: NodeActions;
}

/** Entries for each colour and for none; `now` says which is on. */
export const colourEntries = (
  now: (name: ColourName | undefined) => boolean,
  choose: (name: ColourName | undefined) => void,
): readonly MenuEntry[] => [
  { label: "No colour", checked: now(undefined), act: () => choose(undefined) },
  ...COLOUR_NAMES.map((name) => ({
    label: name[0]!.toUpperCase() + name.slice(1),
    dot: colourDot(name),
    checked: now(name),
    act: () => choose(name),
  })),
];

/** Gives a node a colour, or its type's own. */
function colourNode(node: LGraphNode, name: ColourName | undefined): void {
  const { color, bgcolor } = name ? NODE_COLOURS[name] : { color: undefined, bgcolor: undefined };
  Object.assign(node, { color, bgcolor });
}

/** "keeps all 3 wires", "keeps 1 of 3 wires"; empty where there are none. */
const keeps = (kept: number, wires: number): string =>
  wires === 0
    ? ""
    : kept === wires
      ? `keeps ${wires === 1 ? "its wire" : `all ${wires} wires`}`
      : `keeps ${kept} of ${wires} wires`;

export function provideNodeCommands(commands: Commands, { document, canvas, nodes }: NodeCommandParts): void {
  const one = (): LGraphNode | undefined => (nodes.selected.length === 1 ? nodes.selected[0] : undefined);
  /** Where a menu on a node opens. */
  const beside = (node: LGraphNode): { x: number; y: number } => {
    const { clientX, clientY } = canvas.pagePoint([node.pos[0] + 20, node.pos[1] + 10]);
    return { x: clientX, y: clientY };
  };

  function replace(node: LGraphNode): void {
    const own = nodes.definitionOf(node);
    const fits = nodes.definitions
      .filter((definition) => definition !== own)
      .map((definition) => [definition, takeoverOf(node, definition)] as const)
      .sort(([, a], [, b]) => b.kept - a.kept);
    const choices = nodes.choices(
      fits.map(([definition]) => definition),
      (type) => {
        const definition = nodes.definition(type)!;
        const added = LiteGraph.createNode(type) as LGraphNode;
        document.edit(`replace ${titlesOf([node])} by ${definition.title}`, () =>
          replaceNode(document.graph, node, added, definition, own),
        );
        canvas.selectNodes([added]);
      },
    );
    openPicker(
      beside(node),
      `In the place of ${titlesOf([node])}`,
      choices.map((choice, i) => ({ ...choice, hint: keeps(fits[i]![1].kept, fits[i]![1].wires) })),
    );
  }

  commands.provide({
    "node.replace": { run: () => replace(one()!), available: () => one() !== undefined },
    "node.colour": {
      run() {
        const { selected } = nodes;
        const now = (name: ColourName | undefined): boolean =>
          selected.every(({ bgcolor }) => bgcolor === (name && NODE_COLOURS[name].bgcolor));
        openMenu(
          beside(selected[0]!),
          colourEntries(now, (name) =>
            document.edit(
              `${name ? `colour ${titlesOf(selected)} ${name}` : `take the colour off ${titlesOf(selected)}`}`,
              () => {
                for (const node of selected) colourNode(node, name);
              },
              { cosmetic: true },
            ),
          ),
          "Colour",
        );
      },
      available: () => nodes.selected.length > 0,
    },
    "node.note": (near) => nodes.add("sftgan/note", near && { near: [...near] }),
  });
}

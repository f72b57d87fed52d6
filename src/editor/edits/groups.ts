/** What is done to a group as a whole, its frame and the nodes in it, from its menu. Each is one step of undo. */
import type { LGraphGroup, LGraphNode } from "litegraph.js/build/litegraph.core.js";
import { ask } from "../ask";
import type { GraphCanvas } from "../canvas";
import type { Commands } from "../commands/commands";
import type { CommandId } from "../commands/table";
import type { GraphDocument } from "../document";
import { type MenuEntry, openMenu } from "../menu";
import { NODE_COLOURS } from "./colours";
import { areAll, type Off, toggleOff } from "./modes";
import { colourEntries } from "./node-commands";

export interface GroupParts {
  readonly document: GraphDocument;
  readonly canvas: GraphCanvas;
  readonly commands: Commands;
  run(nodes: readonly LGraphNode[]): void;
}

const COSMETIC = { cosmetic: true };

/** litegraph's group; its types leave out what is used here. */
export type Group = LGraphGroup & { _nodes: LGraphNode[]; recomputeInsideNodes(): void };

export const groupsOn = (document: GraphDocument): readonly Group[] =>
  (document.graph as unknown as { _groups: Group[] })._groups;

/** The nodes in a group, as of now. */
export function nodesIn(group: Group): LGraphNode[] {
  group.recomputeInsideNodes();
  return [...group._nodes];
}

export function groupMenu(group: Group, { clientX, clientY }: MouseEvent, parts: GroupParts): readonly MenuEntry[] {
  const { document, canvas, commands } = parts;
  const { graph } = document;
  const inside = nodesIn(group);
  const named = `the group “${group.title}”`;
  const isCollapsed = (node: LGraphNode): boolean => Boolean(node.flags.collapsed);

  const off = (mode: Off, label: string): MenuEntry => {
    const checked = areAll(inside, mode);
    return {
      label,
      checked,
      act: () => document.edit(`${checked ? "run" : label.toLowerCase()} ${named}`, () => void toggleOff(inside, mode)),
    };
  };
  /** A command on the nodes of the group. */
  const on = (id: CommandId, label: string): MenuEntry => ({
    label,
    act() {
      canvas.selectNodes(inside);
      commands.run(id);
    },
  });
  const colour = (): void =>
    openMenu(
      { x: clientX, y: clientY },
      colourEntries(
        (name) => group.color === (name && NODE_COLOURS[name].group),
        (name) =>
          document.edit(
            `colour ${named}`,
            () => {
              group.color = name ? NODE_COLOURS[name].group : "#3f5f8a";
            },
            COSMETIC,
          ),
      ),
      "Colour",
    );
  const all = inside.every(isCollapsed);
  const ofNodes: readonly MenuEntry[] = inside.length
    ? [
        { label: "Run", detail: "What is in it, and what that needs", act: () => parts.run(inside) },
        off("bypassed", "Bypass"),
        off("muted", "Mute"),
        {
          label: all ? "Expand" : "Collapse",
          act: () =>
            document.edit(`${all ? "expand" : "collapse"} ${named}`, () => {
              for (const node of inside) if (isCollapsed(node) === all) node.collapse(false);
            }),
        },
        { label: "Select", act: () => canvas.selectNodes(inside) },
        on("edit.copy", "Copy"),
        on("edit.duplicate", "Duplicate"),
      ]
    : [];
  return [
    `Group ${group.title}`,
    ...ofNodes,
    { label: "Colour…", act: colour },
    {
      label: "Rename…",
      act: async () => {
        const title = (await ask("Name of the group", group.title, "Rename"))?.trim();
        if (title)
          document.edit(
            `rename ${named}`,
            () => {
              group.title = title;
            },
            COSMETIC,
          );
      },
    },
    {
      label: "Remove the frame",
      act: () => document.edit(`remove the frame of ${named}`, () => graph.remove(group as never), COSMETIC),
    },
    ...(inside.length
      ? [
          {
            label: "Delete with its nodes",
            act: () =>
              document.edit(`delete ${named}`, () => {
                for (const node of inside) graph.remove(node);
                graph.remove(group as never);
              }),
          },
        ]
      : []),
  ];
}

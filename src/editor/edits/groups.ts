/** What is done to a group as a whole, its frame and the nodes in it, from its menu. Each is one step of undo. */
import type { LGraphNode } from "litegraph.js/build/litegraph.core.js";
import { ask } from "../ask";
import type { GraphCanvas } from "../canvas";
import type { Commands } from "../commands/commands";
import type { CommandId } from "../commands/table";
import type { GraphDocument } from "../document";
import { type MenuEntry, openMenu } from "../menu";
import type { NodeActions } from "../node-actions";
import { openPicker } from "../picker";
import { type ColourName, NODE_COLOURS } from "./colours";
import type { Group } from "./group-drawing";
import { areAll, type Off, toggleOff } from "./modes";
import { colourEntries } from "./node-commands";

export interface GroupParts {
  readonly document: GraphDocument;
  readonly canvas: GraphCanvas;
  readonly commands: Commands;
  run(nodes: readonly LGraphNode[]): void;
}

const COSMETIC = { cosmetic: true };

export const groupsOn = (document: GraphDocument): readonly Group[] =>
  (document.graph as unknown as { _groups: Group[] })._groups;

/** The nodes in a group, as of now. */
export function nodesIn(group: Group): LGraphNode[] {
  group.recomputeInsideNodes();
  return [...group._nodes];
}

/** Asks for a group's colour in a menu at a point of the page. */
function colourGroup(group: Group, at: { readonly x: number; readonly y: number }, document: GraphDocument): void {
  const choose = (name: ColourName | undefined): void =>
    document.edit(
      `colour the group “${group.title}”`,
      () => {
        group.color = name ? NODE_COLOURS[name].group : "#3f5f8a";
      },
      COSMETIC,
    );
  openMenu(
    at,
    colourEntries((name) => group.color === (name && NODE_COLOURS[name].group), choose),
    "Colour",
  );
}

export async function renameGroup(group: Group, document: GraphDocument): Promise<void> {
  const title = (await ask("Name of the group", group.title, "Rename"))?.trim();
  if (!title) return;
  document.edit(
    `rename the group “${group.title}”`,
    () => {
      group.title = title;
    },
    COSMETIC,
  );
}

/** The commands on the group that the selected nodes are in, the smallest of several; on one that is asked for, where none is. */
export function provideGroupCommands(commands: Commands, parts: GroupParts & { readonly nodes: NodeActions }): void {
  const { document, canvas, nodes } = parts;
  const isHolder = (group: Group): boolean => {
    const inside = nodesIn(group);
    return nodes.selected.length > 0 && nodes.selected.every((node) => inside.includes(node));
  };
  const area = ({ size }: Group): number => size[0]! * size[1]!;
  const withOne = (act: (group: Group) => void) => ({
    run() {
      const all = groupsOn(document);
      const [own] = all.filter(isHolder).sort((a, b) => area(a) - area(b));
      const one = own ?? (all.length === 1 ? all[0] : undefined);
      if (one) act(one);
      else
        openPicker(
          undefined,
          "Which group?",
          all.map((group) => ({ title: group.title, words: "group", pick: () => act(group) })),
        );
    },
    available: () => groupsOn(document).length > 0,
  });
  const placeOf = (group: Group): { clientX: number; clientY: number } =>
    canvas.pagePoint([group.pos[0]! + 20, group.pos[1]! + 20]);
  commands.provide({
    "group.menu": withOne((group) => {
      const at = placeOf(group);
      openMenu(
        { x: at.clientX, y: at.clientY },
        groupMenu(group, new MouseEvent("contextmenu", at), parts),
        `Group ${group.title}`,
      );
    }),
    "group.rename": withOne((group) => void renameGroup(group, document)),
    "group.colour": withOne((group) => {
      const { clientX: x, clientY: y } = placeOf(group);
      colourGroup(group, { x, y }, document);
    }),
  });
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
    { label: "Colour…", act: () => colourGroup(group, { x: clientX, y: clientY }, document) },
    { label: "Rename…", act: () => renameGroup(group, document) },
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

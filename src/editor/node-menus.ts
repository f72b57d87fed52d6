/** What right clicks on the canvas offer. */
import type { LGraphNode } from "litegraph.js/build/litegraph.core.js";
import type { GraphCanvas, Point } from "./canvas";
import { titleOf } from "./change";
import type { Commands } from "./commands/commands";
import type { CommandId } from "./commands/table";
import type { GraphDocument } from "./document";
import { ALIGN_MENU } from "./edits/commands";
import type { Group } from "./edits/group-drawing";
import { type GroupParts, groupMenu } from "./edits/groups";
import { addGroup } from "./graph-commands";
import { type MenuEntry, openMenu } from "./menu";
import type { NodeActions } from "./node-actions";

/** litegraph has selected the node. */
export function openNodeMenu(
  event: MouseEvent,
  node: LGraphNode,
  canvas: GraphCanvas,
  document: GraphDocument,
  commands: Commands,
): void {
  const slot = node.getSlotInPosition(...canvas.graphPoint(event));
  const isWired = slot?.input ? slot.input.link != null : Boolean(slot?.output?.links?.length);
  const disconnect = (): void => {
    if (!slot) return;
    const label = `disconnect ${slot.input?.name ?? slot.output?.name} of ${titleOf(node)}`;
    document.edit(label, () => void (slot.input ? node.disconnectInput(slot.slot) : node.disconnectOutput(slot.slot)));
  };
  const ofSlot: readonly MenuEntry[] = isWired
    ? [{ label: `Disconnect ${slot?.input?.name ?? slot?.output?.name}`, act: disconnect }, null]
    : [];
  const entries = commands.menu([
    "run.node",
    "node.params",
    "node.unpack",
    null,
    "node.connect",
    "node.rename",
    "node.replace",
    "node.colour",
    "edit.copy",
    "edit.duplicate",
    "edit.group",
    "node.pack",
    "snippet.save",
    "node.collapse",
    "edit.bypass",
    "edit.mute",
    "node.exportOnnx",
    "node.help",
  ]);
  const removing = commands.menu(["edit.remove", "edit.removeJoin"]);
  openMenu(
    { x: event.clientX, y: event.clientY },
    [
      ...ofSlot,
      ...entries,
      ...furtherMenu("Picture…", "Picture", ["node.picture", "node.copyPicture"], event, commands),
      ...furtherMenu("Align…", "Align", ALIGN_MENU, event, commands),
      null,
      ...removing,
    ],
    `Node ${titleOf(node)}`,
  );
}

/** An entry that opens the menu of these commands in its place; none where none of them can be run. */
function furtherMenu(
  label: string,
  name: string,
  ids: readonly (CommandId | null)[],
  { clientX, clientY }: MouseEvent,
  commands: Commands,
): readonly MenuEntry[] {
  const entries = commands.menu(ids);
  return entries.length ? [{ label, act: () => openMenu({ x: clientX, y: clientY }, entries, name) }] : [];
}

export function openBackgroundMenu(event: MouseEvent, at: Point, nodes: NodeActions, parts: GroupParts): void {
  const { document, commands } = parts;
  const group = document.graph.getGroupOnPos(at[0], at[1]) as Group | undefined | null;
  openMenu(
    { x: event.clientX, y: event.clientY },
    [
      ...commands.menu(["subgraph.leave", "subgraph.input", "subgraph.output", null]),
      { label: "Add a node…", hint: "Double-click", act: () => nodes.search(event, at) },
      ...commands.menu(["snippet.insert", "node.note"], at),
      ...(nodes.selected.length
        ? commands.menu(["edit.group"])
        : [{ label: "Add a group…", act: () => void addGroup(document, [], at) }]),
      ...commands.menu(["edit.paste", "edit.pasteWired"], at),
      ...(group ? [null, ...groupMenu(group, event, parts)] : []),
      null,
      ...furtherMenu("Align…", "Align", ALIGN_MENU, event, commands),
      ...commands.menu(["edit.arrange", "edit.snap", null, "edit.selectAll", "graph.showAll"]),
    ],
    "Canvas",
  );
}

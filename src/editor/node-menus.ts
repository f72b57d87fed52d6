/** What right clicks on the canvas offer. */
import { LGraphGroup, type LGraphNode } from "litegraph.js/build/litegraph.core.js";
import { ask } from "./ask";
import type { GraphCanvas, Point } from "./canvas";
import { type GraphDocument, nodesOf } from "./document";
import { type MenuEntry, openMenu } from "./menu";
import { keys } from "./toolbar";

export interface NodeCommands {
  run(target: LGraphNode): void;
  duplicate(): void;
  remove(): void;
  help(node: LGraphNode): void;
  /** Of a node that reads weights: stores them as an ONNX model. Undefined for other nodes. */
  exporter(node: LGraphNode): (() => void) | undefined;
  search(event: MouseEvent, at: Point): void;
}

const name = (node: LGraphNode): string => node.getTitle() ?? node.type ?? "node";

export function openNodeMenu(
  event: MouseEvent,
  node: LGraphNode,
  canvas: GraphCanvas,
  doc: GraphDocument,
  commands: NodeCommands,
): void {
  const many = Object.keys(canvas.selected_nodes).length;
  const slot = node.getSlotInPosition(...canvas.graphPoint(event));
  const wired = slot?.input ? slot.input.link != null : Boolean(slot?.output?.links?.length);
  const slotName = slot?.input?.name ?? slot?.output?.name;
  const exportOnnx = commands.exporter(node);
  const entries: MenuEntry[] = [
    ...(slot && wired
      ? [
          {
            label: `Disconnect ${slotName}`,
            act: () => doc.edit(() => (slot.input ? node.disconnectInput(slot.slot) : node.disconnectOutput(slot.slot))),
          },
          null,
        ]
      : []),
    { label: "Run to here", act: () => commands.run(node) },
    null,
    {
      label: "Rename…",
      act: async () => {
        const title = await ask("Name of this node", name(node), "Rename");
        if (title?.trim())
          doc.edit(() => {
            node.title = title.trim();
          });
      },
    },
    { label: many > 1 ? `Duplicate ${many} nodes` : "Duplicate", hint: keys("Ctrl+D"), act: commands.duplicate },
    { label: node.flags.collapsed ? "Expand" : "Collapse", act: () => doc.edit(() => node.collapse(false)) },
    ...(exportOnnx ? [{ label: "Export ONNX", detail: "The weights for other programs", act: exportOnnx }] : []),
    { label: "Help", act: () => commands.help(node) },
    null,
    { label: many > 1 ? `Delete ${many} nodes` : "Delete", hint: "Del", act: commands.remove },
  ];
  openMenu({ x: event.clientX, y: event.clientY }, entries, `Node ${name(node)}`);
}

export function openBackgroundMenu(
  event: MouseEvent,
  at: Point,
  canvas: GraphCanvas,
  doc: GraphDocument,
  commands: NodeCommands,
): void {
  const graph = doc.graph;
  const group = graph.getGroupOnPos(at[0], at[1]) as LGraphGroup | undefined | null;
  const selected = Object.values(canvas.selected_nodes);
  const addGroup = async (): Promise<void> => {
    const title = await ask("Name of the group", "Group", "Add");
    if (!title?.trim()) return;
    doc.edit(() => {
      const box = new LGraphGroup();
      const frame = selected.length ? frameOf(selected) : ([at[0], at[1], 320, 200] as const);
      box.configure({ title: title.trim(), bounding: [...frame], color: "#3f5f8a", font: "22" } as never);
      graph.add(box as never);
    });
  };
  openMenu(
    { x: event.clientX, y: event.clientY },
    [
      { label: "Add a node…", hint: "Double-click", act: () => commands.search(event, at) },
      { label: selected.length ? "Group the selection…" : "Add a group…", act: addGroup },
      ...(group
        ? [
            null,
            `Group ${group.title}`,
            {
              label: "Rename…",
              act: async () => {
                const title = await ask("Name of the group", group.title, "Rename");
                if (title?.trim())
                  doc.edit(() => {
                    group.title = title.trim();
                  });
              },
            },
            { label: "Remove the frame", act: () => doc.edit(() => graph.remove(group as never)) },
          ]
        : []),
      null,
      {
        label: selected.length > 1 ? `Arrange ${selected.length} nodes` : "Arrange all",
        detail: "In columns, so that no wire runs behind a node",
        act: async () => {
          const { arrangeGraph } = await import("./wires/tidy"); // with what lays graphs out
          doc.edit(() => arrangeGraph(graph, selected.length > 1 ? selected : nodesOf(graph)));
          if (selected.length < 2) canvas.fitNodes(nodesOf(graph));
        },
      },
      { label: "Select all", hint: keys("Ctrl+A"), act: () => canvas.selectNodes(nodesOf(graph)) },
      { label: "Show all", hint: "F", act: () => canvas.fitNodes(nodesOf(graph)) },
    ],
    "Canvas",
  );
}

/** A frame around nodes with room for the group's title. */
function frameOf(nodes: readonly LGraphNode[]): readonly [number, number, number, number] {
  const boxes = nodes.map((node) => node.getBounding());
  const left = Math.min(...boxes.map((box) => box[0])) - 20;
  const top = Math.min(...boxes.map((box) => box[1])) - 44;
  const right = Math.max(...boxes.map((box) => box[0] + box[2])) + 20;
  const bottom = Math.max(...boxes.map((box) => box[1] + box[3])) + 20;
  return [left, top, right - left, bottom - top];
}

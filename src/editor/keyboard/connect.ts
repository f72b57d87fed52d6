/** Wires by keys: what a slot of the selected node can be connected with is offered in a list. */
import type { GraphCanvas } from "../canvas";
import { wireTitle } from "../change";
import type { GraphDocument } from "../document";
import type { NodeActions } from "../node-actions";
import { type Choice, openPicker } from "../picker";
import { fits } from "../wires/fits";
import { openWireMenu } from "../wires/menu";
import { slotPlace, type Wire } from "../wires/wires";
import { nameAmong } from "./describe";
import { partnersOf, type Slot, slotsOf, wiresAt } from "./wiring";

export interface ConnectParts {
  readonly document: GraphDocument;
  readonly canvas: GraphCanvas;
  readonly nodes: NodeActions;
  /** Says what was done. */
  announce(text: string): void;
}

/** Opens at the one node that is selected. */
export function openConnect(parts: ConnectParts): void {
  const { canvas, nodes, document } = parts;
  const [node] = nodes.selected;
  if (!node) return;
  const name = nameAmong(nodes.all, node);
  const choices = slotsOf(node).map((slot): Choice => {
    const others = wiresAt(document.graph, slot).map(({ from, to }) => nameAmong(nodes.all, slot.side === "input" ? from : to));
    return {
      title: `${slot.side} ${slot.name}`,
      detail: others.length ? `${slot.side === "input" ? "From" : "To"} ${others.join(", ")}` : "Nothing is connected",
      hint: String(slot.type),
      pick: () => openPartners(parts, slot),
    };
  });
  openPicker(pageOf(canvas, slotPlaceOf(node)), `Connect ${name}: which slot?`, choices);
}

function openPartners({ document, canvas, nodes, announce }: ConnectParts, slot: Slot): void {
  const { graph } = document;
  const forward = slot.side === "output";
  const at = pageOf(canvas, slotPlace(slot.node, slot.side, slot.index));
  const join = (other: Slot): void => {
    const [out, into] = forward ? [slot, other] : [other, slot];
    const title = wireTitle({ from: out.node, to: into.node });
    document.edit(`connect ${title}`, () => void out.node.connect(out.index, into.node, into.index));
    announce(`Connected: ${title}, ${into.name}`);
  };
  const cut = (wire: Wire): void => {
    document.edit(`disconnect ${wireTitle(wire)}`, () => void wire.to.disconnectInput(wire.link.target_slot));
    announce(`Disconnected: ${wireTitle(wire)}`);
  };
  const place: [number, number] = [...slotPlace(slot.node, slot.side, slot.index)];
  const choices: Choice[] = [
    ...partnersOf(graph, nodes.all, slot, fits).map((other): Choice => {
      const [taken] = forward ? wiresAt(graph, other) : [];
      return {
        title: `${nameAmong(nodes.all, other.node)}: ${other.name}`,
        ...(taken && { detail: `In the place of ${nameAmong(nodes.all, taken.from)}` }),
        hint: String(other.type),
        pick: () => join(other),
      };
    }),
    {
      title: "Add a node…",
      detail: `One that ${forward ? "takes" : "gives"} ${slot.type}`,
      pick: () =>
        nodes.search({ clientX: at.x, clientY: at.y }, [place[0] + (forward ? 60 : -60), place[1]], {
          node: slot.node,
          slot: slot.index,
          side: slot.side,
          type: String(slot.type),
        }),
    },
    ...wiresAt(graph, slot).flatMap((wire): Choice[] => [
      { title: `Cut ${wireTitle(wire)}`, pick: () => cut(wire) },
      {
        title: `Wire ${wireTitle(wire)}…`,
        detail: "A node on it, a point to lead it by",
        pick: () => openWireMenu(middleEvent(canvas, wire), { wire, along: 0.5, at: middleOf(wire) }, document, nodes),
      },
    ]),
  ];
  const name = `${nameAmong(nodes.all, slot.node)}, ${slot.side} ${slot.name}`;
  openPicker(at, `${name}: ${forward ? "to where?" : "from where?"}`, choices);
}

const slotPlaceOf = (node: { pos: ArrayLike<number>; size: ArrayLike<number> }): readonly [number, number] => [
  node.pos[0]! + node.size[0]! / 2,
  node.pos[1]!,
];

function pageOf(canvas: GraphCanvas, at: readonly [number, number]): { x: number; y: number } {
  const { clientX, clientY } = canvas.pagePoint([...at]);
  return { x: clientX, y: clientY };
}

const middleOf = ({ line }: Wire): readonly [number, number] => line[line.length >> 1]!;
const middleEvent = (canvas: GraphCanvas, wire: Wire): MouseEvent =>
  new MouseEvent("click", canvas.pagePoint([...middleOf(wire)]));

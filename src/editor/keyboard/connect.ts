/**
 * Wires by keys: what a slot of the selected node can be connected with is offered in a list; after it what it does not fit, with the
 * nodes that go between.
 */

import { socketType } from "../../litegraph/slots";
import type { GraphCanvas } from "../canvas";
import { wireTitle } from "../change";
import type { GraphDocument } from "../document";
import type { NodeActions } from "../node-actions";
import { type Choice, openPicker } from "../picker";
import type { Toasts } from "../toasts";
import { capital } from "../wires/dragged";
import { fits } from "../wires/fits";
import { openRefusedMenu, openWireMenu } from "../wires/menu";
import { refusal, remedyText } from "../wires/refusal";
import { slotPlace, type Wire } from "../wires/wires";
import { nameAmong } from "./describe";
import { partnersOf, type Slot, slotsOf, wiresAt } from "./wiring";

export interface ConnectParts {
  readonly document: GraphDocument;
  readonly canvas: GraphCanvas;
  readonly nodes: NodeActions;
  readonly toasts: Toasts;
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

function openPartners({ document, canvas, nodes, toasts, announce }: ConnectParts, slot: Slot): void {
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
  const refusalOf = (given: string | number, taken: string | number) =>
    refusal(nodes.definitions, String(socketType(given)), String(socketType(taken)));
  const convertible = (given: string | number, taken: string | number): boolean =>
    !fits(given, taken) && refusalOf(given, taken).remedies.length > 0;
  const refused = (other: Slot): Choice => {
    const [out, into] = forward ? [slot, other] : [other, slot];
    const why = refusalOf(out.type, into.type);
    const between = { from: out.node, output: out.index, to: into.node, input: into.index, refusal: why };
    const [only, ...more] = why.remedies;
    return {
      title: `${nameAmong(nodes.all, other.node)}: ${other.name}`,
      detail: `${capital(why.why)}: ${remedyText(why)}`,
      hint: String(other.type),
      pick() {
        if (only && !more.length) nodes.convert(between, only.type);
        else openRefusedMenu(new MouseEvent("click", { clientX: at.x, clientY: at.y }), between, nodes, toasts);
      },
    };
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
    ...partnersOf(graph, nodes.all, slot, convertible).map(refused),
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

/** What a wire's menu offers: a node on it, a point it is led through, to cut it; and what mends a wire that was refused. */
import type { AnySchema, Socket } from "../../graph/node";
import { socketType } from "../../litegraph/slots";
import { wireTitle } from "../change";
import type { EditOptions } from "../document";
import { type MenuEntry, openMenu } from "../menu";
import type { NodeActions } from "../node-actions";
import type { Toasts } from "../toasts";
import { capital, type Refused } from "./dragged";
import { addPoint, removePoint, type WireSpot } from "./layer";

/** The edits of the graph that a wire's menu makes. */
export interface WireEdits {
  edit(label: string, act: () => void, options?: EditOptions): void;
}

const typesOf = (sockets: Readonly<Record<string, Socket>>): string[] => Object.values(sockets).map(({ type }) => type);

/** Nodes that take what a wire carries and give the same again: first those that need nothing else. */
export function passing(definitions: readonly AnySchema[], type: string): AnySchema[] {
  const fitting = definitions.filter(({ inputs, outputs }) => typesOf(inputs).includes(type) && typesOf(outputs).includes(type));
  const needs = ({ inputs }: AnySchema): number =>
    Object.values(inputs as Readonly<Record<string, Socket>>).filter(({ optional }) => !optional).length;
  return fitting.sort((a, b) => needs(a) - needs(b));
}

export function openWireMenu(event: MouseEvent, spot: WireSpot, document: WireEdits, nodes: NodeActions): void {
  const { wire, at, handle } = spot;
  const name = wireTitle(wire);
  const type = String(socketType(wire.link.type));
  const fitting = passing(nodes.definitions, type);
  const { clientX, clientY } = event;
  const lead = (act: () => void): void => document.edit(`reroute ${name}`, act, { cosmetic: true });
  const entries: MenuEntry[] = [
    {
      label: "Insert a node…",
      detail: fitting.length ? `One that takes ${type} and gives ${type}` : `No node takes ${type} and gives it again`,
      disabled: !fitting.length,
      act: () => nodes.offer(event, `Insert a node for ${type}`, fitting, (chosen) => nodes.insertOn(wire, chosen, [...at])),
    },
    handle === undefined
      ? { label: "Reroute", detail: "A point here to drag the wire by", act: () => lead(() => addPoint(wire, at)) }
      : { label: "Remove this point", act: () => lead(() => removePoint(wire, handle)) },
    ...(wire.points.length > 2 ? [{ label: "Straighten", act: () => lead(() => removePoint(wire)) }] : []),
    null,
    { label: `Cut ${name}`, act: () => document.edit(`cut ${name}`, () => void wire.to.disconnectInput(wire.link.target_slot)) },
  ];
  openMenu({ x: clientX, y: clientY }, entries, `Wire ${name}`);
}

/** Offers to put a node between two slots that do not fit; says why they do not where there is none. */
export function openRefusedMenu(event: MouseEvent, refused: Refused, nodes: NodeActions, toasts: Toasts): void {
  const { why, remedies } = refused.refusal;
  if (!remedies.length) {
    toasts.show(why);
    return;
  }
  const entries = remedies.map(({ title, type, description }) => ({
    label: `Add ${title}`,
    detail: description.split(/(?<=[.:;]) /)[0]!,
    act: () => nodes.convert(refused, type),
  }));
  openMenu({ x: event.clientX, y: event.clientY }, [capital(why), ...entries], capital(why), "remedies");
}

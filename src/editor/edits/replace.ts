/** Putting a node of another type in the place of one: what fits of its wires and parameters stays. */
import type { LGraph, LGraphNode } from "litegraph.js/build/litegraph.core.js";
import type { AnySchema, Param } from "../../graph/node";
import { checkParam, paramType } from "../../graph/param";
import { socketType } from "../../litegraph/slots";
import { paramEntries, socketEntries } from "../catalog";

/** Slots of the node that goes, by number, and the names of those of the new one that take over their wires. */
export interface Takeover {
  readonly inputs: readonly (readonly [from: number, to: string])[];
  readonly outputs: readonly (readonly [from: number, to: string])[];
  /** Wires that stay, and all there are. */
  readonly kept: number;
  readonly wires: number;
}

interface Place {
  readonly name: string;
  readonly type: string;
}

/** Slots that have wires find one of their name and type, else the first of their type that is left. */
function matched(
  slots: readonly (Place & { readonly slot: number })[],
  places: readonly Place[],
  many = false,
): [number, string][] {
  const left = [...places];
  const taken = new Map<number, string>();
  const take = (fits: (place: Place, slot: Place) => boolean): void => {
    for (const one of slots) {
      if (taken.has(one.slot)) continue;
      const at = left.findIndex((place) => place.type === one.type && fits(place, one));
      if (at < 0) continue;
      taken.set(one.slot, left[at]!.name);
      left.splice(at, 1);
    }
  };
  take((place, slot) => place.name === slot.name);
  take(() => true);
  if (many)
    for (const one of slots) {
      const same = taken.has(one.slot) ? undefined : places.find(({ type }) => type === one.type);
      if (same) taken.set(one.slot, same.name);
    }
  return [...taken];
}

/** What a node of type `to` would take over. */
export function takeoverOf(node: LGraphNode, to: AnySchema): Takeover {
  const slotsOf = (slots: readonly { name: string; type: unknown }[], isWired: (slot: never) => boolean) =>
    slots.flatMap(({ name, type }, slot) =>
      isWired(slots[slot] as never) ? [{ name, type: String(socketType(type as string)), slot }] : [],
    );
  const inputs = slotsOf(node.inputs ?? [], ({ link }: { link: number | null }) => link != null);
  const outputs = slotsOf(node.outputs ?? [], ({ links }: { links: number[] | null }) => Boolean(links?.length));
  const places = (sockets: AnySchema["inputs"]): Place[] => socketEntries(sockets).map(([name, { type }]) => ({ name, type }));
  const params = paramEntries(to.params).flatMap(([name, param]): Place[] => {
    const type = param.editor ? undefined : paramType(param);
    return type ? [{ name, type }] : [];
  });
  const own = inputs.filter(({ name }) => params.some((param) => param.name === name));
  const into = [
    ...matched(
      inputs.filter((slot) => !own.includes(slot)),
      places(to.inputs),
    ),
    ...matched(own, params),
  ];
  const outOf = matched(outputs, places(to.outputs), true);
  const count = (slot: number): number => node.outputs[slot]!.links?.length ?? 0;
  return {
    inputs: into,
    outputs: outOf,
    kept: into.length + outOf.reduce((sum, [slot]) => sum + count(slot), 0),
    wires: inputs.length + outputs.reduce((sum, { slot }) => sum + count(slot), 0),
  };
}

/** Puts `added`, a new node of type `to`, in the place of one of type `own`. */
export function replaceNode(graph: LGraph, node: LGraphNode, added: LGraphNode, to: AnySchema, own: AnySchema | undefined): void {
  const { inputs, outputs } = takeoverOf(node, to);
  for (const [name, param] of paramEntries(to.params)) {
    const before = (own?.params as Record<string, Param> | undefined)?.[name];
    const value = Object.hasOwn(node.properties, name) ? node.properties[name] : undefined;
    if (before?.kind === param.kind && value !== undefined && checkParam(name, param, value) === undefined)
      added.properties[name] = structuredClone(value);
  }
  if (node.title !== own?.title) added.title = node.title;
  added.pos = [node.pos[0], node.pos[1]];
  const { mode, color, bgcolor, flags } = node as unknown as Record<string, unknown>;
  const { collapsed } = flags as { collapsed?: boolean };
  Object.assign(added, { mode, color, bgcolor, flags: collapsed ? { collapsed } : {} });
  graph.add(added);
  const feeds = inputs.flatMap(([slot, name]) => {
    const link = graph.links[node.inputs[slot]!.link!];
    return link ? [{ origin: graph.getNodeById(link.origin_id), output: link.origin_slot, name }] : [];
  });
  const fed = outputs.flatMap(([slot, name]) =>
    (node.outputs[slot]!.links ?? []).flatMap((id) => {
      const link = graph.links[id];
      return link ? [{ target: graph.getNodeById(link.target_id), input: link.target_slot, name }] : [];
    }),
  );
  graph.remove(node);
  for (const { origin, output, name } of feeds) {
    if (added.findInputSlot(name) < 0) added.addInput(name, "");
    origin?.connect(output, added, added.findInputSlot(name));
  }
  for (const { target, input, name } of fed) if (target) added.connect(added.findOutputSlot(name), target, input);
}

/**
 * What the nodes of a run will take, before any of them has run: each says what it takes and gives from the sizes of what it is
 * given, and so the sizes go from node to node.
 */
import type { Outputs } from "../graph/cache";
import type { AnyNode, Load, Socket, Sockets } from "../graph/node";
import type { Graph } from "../graph/parse";
import type { ForecastParts, NodeForecast } from "../graph/running";
import { ShapeOnly, sizeOf } from "../image/raster";
import { scaledSize } from "../region";
import { CLASSES, type Image, isDrawable, type Prior, type Raster, SCALE } from "../types";
import { rasterOf } from "./view";

/** Multiply-adds for each sample of what a node is given, of one that does not say what it takes. */
const PER_SAMPLE = 16;

/**
 * What each of the nodes `ids`, which are in order, will take. Left out are those of which it cannot be said yet, as a picture that
 * they depend on has not been read.
 */
export async function forecast(
  graph: Graph,
  ids: readonly string[],
  parts: ForecastParts,
): Promise<ReadonlyMap<string, NodeForecast>> {
  const expected = new Map<string, Outputs>();
  const found = new Map<string, NodeForecast>();
  for (const id of ids) {
    const node = graph.get(id)!;
    const def = parts.definition(node.type);
    if (!def || parts.known(id)) continue;
    const inputs: Record<string, unknown> = {};
    for (const [socket, link] of Object.entries(node.inputs))
      inputs[socket] = (parts.known(link.node) ?? expected.get(link.node))?.[link.output];
    if (Object.values(inputs).includes(undefined) || !Object.keys(node.inputs).length) continue;
    try {
      for (const [socket, { shipped }] of Object.entries(def.inputs as Sockets))
        if (shipped !== undefined && !(socket in inputs)) inputs[socket] = await parts.shipped(shipped);
      const { outputs, load } = def.expect?.(inputs, node.params, parts) ?? { outputs: passedOn(def, inputs) };
      expected.set(id, outputs as Outputs);
      found.set(id, { ...(load ?? quick(def, inputs)), held: held(outputs as Outputs) });
    } catch {
      // The run says on the node what is wrong with it.
    }
  }
  return found;
}

/** Bytes that a run holds at once at most, roughly: results stay, and beside them there is what one node needs. */
export function peakOf(forecasts: Iterable<NodeForecast>, budget: number): number {
  let results = 0;
  let most = 0;
  for (const { held, bytes } of forecasts) {
    results += held;
    most = Math.max(most, results + Math.min(bytes, budget));
  }
  return most;
}

const rasters = (def: Pick<AnyNode, "inputs">, inputs: Readonly<Record<string, unknown>>): Raster[] =>
  Object.entries(def.inputs as Sockets).flatMap(([name, { type }]) =>
    isDrawable(type) && inputs[name] ? [rasterOf(type, inputs[name])] : [],
  );

function quick(def: AnyNode, inputs: Readonly<Record<string, unknown>>): Load {
  const samples = rasters(def, inputs).reduce(
    (sum, { shape: [, height, width, channels] }) => sum + height * width * channels,
    0,
  );
  return { multiplyAdds: PER_SAMPLE * samples, bytes: 0 };
}

/** Of each output what goes in by its name, or its type, or what is as large as something that goes in. */
function passedOn(def: AnyNode, inputs: Readonly<Record<string, unknown>>): Outputs {
  const sockets = def.inputs as Sockets;
  const [raster] = rasters(def, inputs);
  const like = (name: string, { type }: Socket): unknown => {
    const given = [name, ...Object.keys(sockets)].find((input) => sockets[input]?.type === type && inputs[input] !== undefined);
    if (given !== undefined) return inputs[given];
    if (!raster) return undefined;
    const size = sizeOf(raster);
    if (type === "image") return { rgb: new ShapeOnly(size, 3) } satisfies Image;
    const map = new ShapeOnly(scaledSize(size, SCALE), CLASSES.length);
    return type === "prior" ? ({ map, channels: CLASSES, kind: "probabilities", picture: size } satisfies Prior) : undefined;
  };
  return Object.fromEntries(Object.entries(def.outputs as Sockets).map(([name, socket]) => [name, like(name, socket)]));
}

/** Bytes of maps that are to come; what is there already is counted where it is. */
function held(outputs: Outputs): number {
  const found = new Set<ShapeOnly>();
  for (const value of Object.values(outputs))
    for (const part of Object.values((value ?? {}) as object)) if (part instanceof ShapeOnly) found.add(part);
  return [...found].reduce((sum, { bytes }) => sum + bytes, 0);
}

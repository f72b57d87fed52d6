/** What every host gives the nodes: files, codecs and the weights that ship with the package, each loaded once. */
import { definitions as ours } from "../../nodes";
import loadModelNode from "../../nodes/load-model";
import type { Host } from "../../nodes/sockets";
import { GRAPH_CHUNK } from "../codec/png-text";
import { cleanGraph } from "../graph/clean";
import { sha256 } from "../graph/file";
import { isOff } from "../graph/modes";
import type { AnyNode, FileRef, Sockets } from "../graph/node";
import { parseGraph } from "../graph/parse";
import type { Services } from "../graph/running";
import type { StoredGraph } from "../graph/stored";
import { weightsNamed } from "../samples";
import type { Model } from "../types";
import { disposeModel, loadModel } from "../weights/model";
import { bytesOf, type FileSources } from "./files";

export interface HostParts extends FileSources {
  /** Every node that a graph may have. */
  readonly definitions: readonly AnyNode[];
  readonly decode: Host["decode"];
  readonly encode: Host["encode"];
  readonly checkpoint: Services["checkpoint"];
  /** The JSON of the graph being run. */
  readonly graphText: () => string;
}

const WEIGHTS = /\.(pth|pt|safetensors)$/i;

/** By type, the inputs of a node that take shipped weights where nothing feeds them, and the names of those. */
const SHIPPED_INPUTS = new Map(
  ours.map(({ type, inputs }) => [
    type,
    Object.entries(inputs as Sockets).flatMap(([input, { shipped }]) => (shipped === undefined ? [] : [{ input, shipped }])),
  ]),
);

/** Names of the files of weights that a graph uses: what its Load Model nodes read, and what ships for its other nodes. */
function weightsIn(graph: StoredGraph, definitions: readonly AnyNode[]): string[] {
  const running = [...parseGraph(graph, definitions).values()].filter(({ mode }) => !isOff(mode));
  const read = running
    .filter(({ type }) => type === loadModelNode.type)
    .flatMap(({ params }) => (params.file as FileRef | null)?.name ?? []);
  const shipped = running.flatMap(({ type, inputs }) =>
    (SHIPPED_INPUTS.get(type) ?? []).filter(({ input }) => !inputs[input]).map(({ shipped }) => weightsNamed(shipped)),
  );
  return [...shipped, ...read];
}

/** The nodes' host, and what disposes the weights it loaded. */
export function createHost(parts: HostParts): { readonly host: Host & Services; readonly release: () => void } {
  const models = new Map<string, Promise<Model>>();
  /** Hashes of the weights read so far, by the file's name. */
  const read = new Map<string, string>();

  const load = async (name: string): Promise<Model> => {
    const file = weightsNamed(name);
    const model = await loadModel(await parts.asset(file), file);
    model.weights.kept = true; // the cache leaves them alone
    read.set(file, model.hash);
    return model;
  };

  return {
    host: {
      decode: parts.decode,
      encode: parts.encode,
      checkpoint: parts.checkpoint,
      async file(ref) {
        const bytes = await bytesOf(ref, parts);
        if (WEIGHTS.test(ref.name)) read.set(ref.name, await sha256(bytes));
        return bytes;
      },
      shipped(name) {
        const model = models.get(name) ?? load(name);
        models.set(name, model);
        model.catch(() => models.delete(name)); // so that the next run tries again
        return model;
      },
      provenance() {
        const graph = parts.graphText();
        const used = weightsIn(cleanGraph(JSON.parse(graph)), parts.definitions).flatMap((name) =>
          read.has(name) ? [[name, read.get(name)!]] : [],
        );
        return { [GRAPH_CHUNK]: graph, "sftgan-weights": JSON.stringify(Object.fromEntries(used)) };
      },
    },
    release() {
      for (const model of models.values()) void model.then(disposeModel, () => {});
      models.clear();
    },
  };
}

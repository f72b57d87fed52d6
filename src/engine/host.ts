/** What every host gives the nodes: files, codecs and the weights that ship with the package, each loaded once. */
import * as tf from "@tensorflow/tfjs-core";
import loadModelNode from "../../nodes/load-model";
import type { Host } from "../../nodes/sockets";
import type { Services } from "../graph/executor";
import { sha256 } from "../graph/file";
import type { FileRef } from "../graph/node";
import type { StoredGraph } from "../graph/stored";
import type { Model } from "../types";
import { disposeModel, loadModel } from "../weights/model";

export interface HostParts {
  readonly decode: Host["decode"];
  readonly encode: Host["encode"];
  readonly pause: Services["pause"];
  /** A file of the user's. Throws a sentence that names it where it is not there. */
  readonly file: Services["file"];
  /** A file that ships with the package: "weights:…" or "sample:…". Throws a sentence for a name that does not. */
  readonly asset: (name: string) => Promise<Uint8Array>;
  /** The JSON of the graph being run. */
  readonly graphText: () => string;
}

const isShipped = (name: string) => /^(weights|sample):/.test(name);

const WEIGHTS = /\.(pth|pt|safetensors)$/i;

/** Names of the files that a graph's Load Model nodes read. */
function weightsIn(graph: StoredGraph): string[] {
  return graph.nodes
    .filter(({ type }) => type === loadModelNode.type)
    .map(({ properties }) => (properties?.file ?? loadModelNode.params.file.default) as FileRef | string)
    .map((file) => (typeof file === "string" ? file : file.name));
}

/** The nodes' host, and what disposes the weights it loaded. */
export function createHost(parts: HostParts): { readonly host: Host & Services; readonly release: () => void } {
  const models = new Map<string, Promise<Model>>();
  const loaded: Record<string, string> = {};
  const read = new Map<string, string>();

  const load = async (name: string): Promise<Model> => {
    const file = `weights:${name}.safetensors`;
    const model = await loadModel(await parts.asset(file), file);
    for (const tensor of Object.values(model.weights)) tf.keep(tensor); // the cache leaves kept tensors alone
    loaded[file] = model.hash;
    return model;
  };

  return {
    host: {
      decode: parts.decode,
      encode: parts.encode,
      pause: parts.pause,
      async file(ref) {
        const bytes = await (isShipped(ref.name) ? parts.asset(ref.name) : parts.file(ref));
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
        const sftgan = parts.graphText();
        const chosen = weightsIn(JSON.parse(sftgan)).flatMap((name) => (read.has(name) ? [[name, read.get(name)!]] : []));
        return { sftgan, "sftgan-weights": JSON.stringify({ ...loaded, ...Object.fromEntries(chosen) }) };
      },
    },
    release() {
      for (const model of models.values()) void model.then(disposeModel, () => {});
      models.clear();
    },
  };
}

/** Runs one node outside of any graph, as a test does, and counts tensors. */
import * as tf from "@tensorflow/tfjs-core";
import { leaves } from "../graph/cache";
import type { Context, Flow, NodeDef, Params, Result, Settings, Sockets } from "../graph/node";
import { copiedTensors } from "../kernels/tfjs/copies";

/** How many tensors there are beside copies of weights, which stay with their model. */
export const tensorCount = (): number => tf.memory().numTensors - copiedTensors();

const refuse = (what: string) => async (): Promise<never> => {
  throw new Error(`this test has no ${what}: give one in the context`);
};

/**
 * Runs a node as a graph would, defaults filled in: nothing is cancelled or cached, and the budget is 512 MB. `context` gives the
 * rest that the node asks for, such as `decode`. Rejects with what `run` throws, and with an error if it leaves a tensor behind
 * that is in no output. What it kept by `memo` and is in no output is disposed. The caller owns the outputs.
 */
export async function runNode<I extends Sockets, P extends Params, O extends Sockets, Host extends object>(
  def: NodeDef<I, P, O, Host>,
  inputs: Partial<Flow<I>>,
  params: Partial<Settings<P>> = {},
  context: Partial<Context & Host> = {},
): Promise<Result<O>> {
  const defaults = Object.fromEntries(Object.entries(def.params).map(([name, param]) => [name, param.default]));
  const parts: unknown[] = [];
  const whole = {
    signal: new AbortController().signal,
    budget: 2 ** 29,
    progress: () => {},
    checkpoint: async () => {},
    async memo(_name: string, _dependsOn: readonly string[], compute: () => unknown) {
      const value = await compute();
      parts.push(value);
      return value;
    },
    file: refuse("files"),
    decode: refuse("pictures to decode"),
    encode: refuse("encoder"),
    shipped: refuse("weights that ship"),
    ...context,
  };
  const given = leaves(inputs);
  const before = tensorCount();
  let outputs: Result<O> | undefined;
  let thrown: { readonly error: unknown } | undefined;
  try {
    const shipped: Record<string, unknown> = {};
    for (const [name, socket] of Object.entries(def.inputs))
      if (socket.shipped && inputs[name] === undefined)
        shipped[name] = await (whole.shipped as (name: string) => Promise<unknown>)(socket.shipped);
    outputs = await def.run(
      { ...inputs, ...shipped } as Flow<I>,
      { ...defaults, ...params } as Settings<P>,
      whole as unknown as Context & Host,
    );
  } catch (error) {
    thrown = { error };
  }
  const isOthers = (leaf: { readonly kept?: boolean }) => given.has(leaf as tf.Tensor) || leaf.kept === true;
  const handedOut = leaves(outputs);
  for (const leaf of leaves(parts)) if (!handedOut.has(leaf) && !isOthers(leaf)) leaf.dispose();
  const made = [...handedOut].filter((leaf) => leaf instanceof tf.Tensor && !isOthers(leaf));
  const left = tensorCount() - before - made.length;
  if (left !== 0)
    throw new Error(
      left > 0
        ? `${def.type} left ${left} tensors behind that are in no output: make them in tf.tidy, or dispose them`
        : `${def.type} disposed ${-left} tensors that it was lent: dispose only what it made itself`,
      thrown && { cause: thrown.error },
    );
  if (thrown) throw thrown.error;
  return outputs!;
}

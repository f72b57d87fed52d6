/** What a node's `run` is given beside its context. */
import type { Outputs } from "./cache";
import type { AnyNode, Params, Sockets } from "./node";
import { checkParam } from "./param";
import type { GraphNode } from "./parse";
import type { ExecutorOptions } from "./running";

/**
 * What is connected, and what ships where nothing is; a parameter fed by a link has the link's value, checked like a typed one.
 * `outputsOf` gives the outputs of a node that feeds this one. Rejects with an error where a value does not fit a parameter.
 */
export async function argumentsOf(
  def: AnyNode,
  node: GraphNode,
  outputsOf: (source: string) => Outputs,
  host: Pick<ExecutorOptions<unknown>["host"], "shipped">,
): Promise<{ readonly inputs: Record<string, unknown>; readonly params: Record<string, unknown> }> {
  const inputs: Record<string, unknown> = {};
  const params: Record<string, unknown> = { ...node.params };
  for (const [socket, link] of Object.entries(node.inputs)) {
    const value = outputsOf(link.node)[link.output];
    if (socket in def.inputs) {
      inputs[socket] = value;
      continue;
    }
    const message = checkParam(socket, def.params[socket], value);
    if (message) throw new Error(`the value that feeds it does not fit: ${message}`);
    params[socket] = value;
  }
  for (const [socket, { shipped }] of Object.entries(def.inputs as Sockets))
    if (shipped !== undefined && !(socket in inputs)) inputs[socket] = await host.shipped(shipped);
  return { inputs, params };
}

/** Whether a node needs a file and no other node. `declared`: its definition's parameters. */
export const isFileReader = ({ inputs, params }: Pick<GraphNode, "inputs" | "params">, declared: Params): boolean =>
  Object.keys(inputs).length === 0 && Object.entries(declared).some(([name, { kind }]) => kind === "file" && params[name]);

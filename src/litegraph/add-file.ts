/** A file that somebody gives a node. */
import type { Engine } from "../browser/protocol";
import type { Param } from "../graph/node";
import { definitionOf, type LGraph, type LGraphNode } from "./host";
import { setError } from "./state";
import { change } from "./widgets/widget";

/** Keeps a file with the engine and sets it as a parameter's value; the node says where it cannot be read or is not taken. */
export async function addFile(graph: LGraph, engine: Engine, node: LGraphNode, param: string, file: File): Promise<void> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    setError(node, `"${file.name}" cannot be read (${error instanceof Error ? error.message : error}): choose it again`);
    return;
  }
  try {
    const accept = (definitionOf(node)?.params as Readonly<Record<string, Param>> | undefined)?.[param]?.accept;
    const ref = await engine.addFile(bytes, file.name, { accept: accept ?? "" });
    const now = graph.getNodeById(node.id); // undo makes all nodes anew
    change({ node: now && now.type === node.type ? now : node, name: param }, ref);
  } catch (error) {
    setError(node, error instanceof Error ? error.message : String(error));
  }
}

/** A module of nodes from elsewhere: what its default export may be, and the definitions in it, checked. */
import { isRecord } from "../graph/json";
import type { AnyNode } from "../graph/node";
import { problemOf } from "./check";
import { type Toolkit, toolkit } from "./toolkit";

type Nodes = AnyNode | readonly AnyNode[];

/** What a module exports as its default. */
export type NodeModule = Nodes | ((toolkit: Toolkit) => Nodes | Promise<Nodes>);

/**
 * The definitions in a module, as imported. `name` is what messages call it, `taken` are types that it may not declare. Rejects
 * with an error that says what is wrong with it.
 */
export async function nodesOf(module: unknown, name: string, taken: ReadonlySet<string>): Promise<AnyNode[]> {
  const refuse = (why: string) => new Error(`the node module "${name}" ${why}`);
  let exported = isRecord(module) ? module.default : undefined;
  if (typeof exported === "function") {
    try {
      exported = await exported(toolkit);
    } catch (error) {
      throw refuse(`fails when it is given the toolkit: ${error instanceof Error ? error.message : error}`);
    }
  }
  const found: readonly unknown[] = Array.isArray(exported) ? exported : exported === undefined ? [] : [exported];
  if (found.length === 0)
    throw refuse("has no node as its default export: export default a definition, a list, or a function that returns one");
  const types = new Set(taken);
  for (const def of found) {
    const problem = problemOf(def, types);
    if (problem) throw refuse(`declares a node that cannot be used: ${problem}`);
    types.add((def as AnyNode).type);
  }
  return found as AnyNode[];
}

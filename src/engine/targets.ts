/** What is computed when nothing is asked for: one rule for the worker, the page and the command line. */
import { isFileReader } from "../graph/arguments";
import { isOff } from "../graph/modes";
import type { AnySchema, Params, Sockets } from "../graph/node";
import { type Graph, type GraphNode, inOneMessage } from "../graph/parse";
import { order } from "../graph/traverse";
import { isDrawable } from "../plain-types";

/**
 * The ids of what a run of the whole graph computes:
 *
 * - every node that shows something (`sink: "always"`), and what feeds those that give a file "on demand";
 * - in a graph without either, whatever could feed a node and feeds none;
 * - every node with something wrong and one of each circle, so that a run says what `check` says.
 *
 * A node that is muted, bypassed, or runs on events only is no result of its own. `shown` are further results for people.
 */
export function defaultTargets(
  graph: Graph,
  definitions: (type: string) => AnySchema | undefined,
  shown: Iterable<string> = [],
): string[] {
  const targets = new Set(shown);
  const runs = [...graph.values()].filter(({ mode }) => !isOff(mode));
  const ofItself = runs.filter(({ mode }) => mode === "always");
  const sinkOf = ({ type }: GraphNode) => definitions(type)?.sink;
  const sourcesOf = ({ inputs }: GraphNode) => Object.values(inputs).map(({ node }) => node);
  for (const node of ofItself) {
    if (sinkOf(node) === "always") targets.add(node.id);
    if (sinkOf(node) === "on demand") for (const id of sourcesOf(node)) targets.add(id);
  }
  if (targets.size === 0 && ![...graph.values()].some(sinkOf)) {
    const feeding = new Set(runs.flatMap(sourcesOf));
    const gives = ({ type }: GraphNode) => Object.keys(definitions(type)?.outputs ?? {}).length > 0;
    for (const node of ofItself) if (gives(node) && !feeding.has(node.id)) targets.add(node.id);
  }
  for (const { id, problems } of ofItself) if (problems.length > 0) targets.add(id);
  for (const id of order(graph, ids(ofItself)).errors.keys()) targets.add(id);
  return [...targets];
}

/** The names of weights that ship and that a run for `targets` takes, as nothing else is connected there. */
export function shippedFor(
  graph: Graph,
  targets: readonly string[],
  definitions: (type: string) => AnySchema | undefined,
): ReadonlySet<string> {
  const names = order(graph, targets).ids.flatMap((id) => {
    const { type, mode, inputs } = graph.get(id)!;
    const sockets = isOff(mode) ? {} : ((definitions(type)?.inputs ?? {}) as Sockets);
    return Object.entries(sockets).flatMap(([name, { shipped }]) => (shipped === undefined || inputs[name] ? [] : [shipped]));
  });
  return new Set(names);
}

/** The ids of nodes that read a file that can be seen, such as a picture, and need no other node: read without a run. */
export const fileReaders = (graph: Graph, definitions: (type: string) => AnySchema | undefined): string[] =>
  [...graph.values()].flatMap((node) => {
    const { params = {}, outputs = {} } = definitions(node.type) ?? {};
    const isSeen = Object.values(outputs as Sockets).some((socket) => isDrawable(socket.type));
    return isFileReader(node, params as Params) && isSeen && !isOff(node.mode) ? [node.id] : [];
  });

/** What keeps `targets` from being computed, known before anything is: a message by node. */
export function problemsOf(graph: Graph, targets: readonly string[]): Map<string, string> {
  const { ids, errors } = order(graph, targets);
  for (const id of ids) {
    const { problems } = graph.get(id)!;
    if (problems.length > 0) errors.set(id, inOneMessage(problems));
  }
  return errors;
}

const ids = (nodes: readonly GraphNode[]) => nodes.map(({ id }) => id);

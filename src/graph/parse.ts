/**
 * Turns a stored graph into what the executor runs, checked against the node definitions: what is wrong with a node becomes a
 * sentence on that node.
 */
import { visible } from "../quoted";
import { type Json, shown } from "./json";
import type { AnySchema, Param, Socket } from "./node";
import { checkParam, cleanFile, paramType, valueWhereAbsent } from "./param";
import type { StoredGraph, StoredNode } from "./stored";

/** Sentences on one node; more would not be read. */
const MOST_PROBLEMS = 4;
/** Characters up to which several are told together. */
const LONGEST_MESSAGE = 280;

export interface Link {
  readonly node: string;
  readonly output: string;
}

export interface GraphNode {
  readonly id: string;
  readonly type: string;
  /** The stored title, or the type's, on one line. */
  readonly title: string;
  /** Checked values; a parameter that is not stored has its default, or what held before it was there. */
  readonly params: Readonly<Record<string, unknown>>;
  /** What feeds each input socket or parameter. */
  readonly inputs: Readonly<Record<string, Link>>;
  /** Sentences about what keeps this node from running. */
  readonly problems: readonly string[];
}

/** Nodes by id. */
export type Graph = ReadonlyMap<string, GraphNode>;

/** Checks a stored graph against the definitions. Never throws: problems lie on the nodes. */
export function parseGraph(stored: StoredGraph, definitions: readonly AnySchema[]): Graph {
  const types = new Map(definitions.map((def) => [def.type, def]));
  const nodes = new Map(stored.nodes.map((node) => [node.id, node]));
  const inputs = new Map<number, Record<string, Link>>();
  const problems = new Map<number, string[]>();
  const problem = (id: number, sentence: string) => {
    const own = problems.get(id) ?? [];
    if (own.length < MOST_PROBLEMS && !own.includes(sentence)) problems.set(id, [...own, sentence]);
  };

  for (const [, originId, from, targetId, to] of stored.links) {
    const origin = nodes.get(originId);
    const target = nodes.get(targetId);
    if (!target) continue;
    const name = slotName(target, types.get(target.type), "inputs", to);
    if (!origin) {
      problem(targetId, `its input ${shown(name ?? to)} comes from node ${originId}, which is not in the graph: connect it anew`);
      continue;
    }
    const output = slotName(origin, types.get(origin.type), "outputs", from);
    if (name === undefined || output === undefined) {
      problem(
        targetId,
        `a link leads from slot ${from} of node ${originId} to slot ${to}, which does not exist: connect it anew`,
      );
      continue;
    }
    const own: Record<string, Link> = inputs.get(targetId) ?? Object.create(null);
    if (Object.hasOwn(own, name)) problem(targetId, `two links lead into its input ${shown(name)}: remove one`);
    own[name] = { node: String(originId), output };
    inputs.set(targetId, own);
  }

  return new Map(
    stored.nodes.map((node) => {
      const def = types.get(node.type);
      const own = inputs.get(node.id) ?? {};
      const sentences = problems.get(node.id) ?? [];
      if (node.mode === 2) sentences.push("it is switched off (mode “never”): switch it on");
      const params = def ? readParams(def, node.properties ?? {}, own, sentences) : {};
      if (def) checkLinks(def, own, nodes, types, sentences);
      else sentences.push(`there is no node type ${shown(node.type)}: install the plugin it comes from, or delete the node`);
      return [
        String(node.id),
        {
          id: String(node.id),
          type: node.type,
          title: visible(node.title || def?.title || node.type),
          params,
          inputs: own,
          problems: sentences.slice(0, MOST_PROBLEMS),
        },
      ];
    }),
  );
}

/** An object's member of a name from a file, which may be that of something every object inherits. */
const own = <T>(members: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(members, name) ? members[name] : undefined;

/** A node's problems in one message: as many as are soon read, and how many there are beside them. */
export function inOneMessage(problems: readonly string[]): string {
  let count = 1;
  while (count < problems.length && problems.slice(0, count + 1).join("; ").length <= LONGEST_MESSAGE) count++;
  const rest = problems.length - count;
  return problems.slice(0, count).join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}

/** Stored slot names win over the definition's order, so that adding a socket breaks no old file. */
function slotName(node: StoredNode, def: AnySchema | undefined, list: "inputs" | "outputs", slot: number): string | undefined {
  return node[list] ? node[list][slot]?.name || undefined : def && Object.keys(def[list])[slot];
}

function readParams(
  def: AnySchema,
  properties: Json,
  links: Readonly<Record<string, Link>>,
  problems: string[],
): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const [name, param] of Object.entries(def.params) as [string, Param][]) {
    params[name] = valueWhereAbsent(param);
    const value = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (value === undefined || (Object.hasOwn(links, name) && param.kind !== "file")) continue;
    const sentence = checkParam(name, param, value);
    if (sentence) problems.push(sentence);
    else params[name] = param.kind === "file" ? cleanFile(value) : value;
  }
  return params;
}

function checkLinks(
  def: AnySchema,
  links: Readonly<Record<string, Link>>,
  nodes: ReadonlyMap<number, StoredNode>,
  types: ReadonlyMap<string, AnySchema>,
  problems: string[],
): void {
  for (const [name, link] of Object.entries(links)) {
    const param = own(def.params, name) as Param | undefined;
    const wanted = own<Socket>(def.inputs, name)?.type ?? (param && paramType(param));
    if (wanted === undefined) {
      problems.push(
        `its input ${shown(name)} does not exist: inputs are ${[...Object.keys(def.inputs), ...Object.keys(def.params)].join(", ") || "none"}`,
      );
      continue;
    }
    const origin = nodes.get(Number(link.node))!;
    const from = types.get(origin.type);
    if (!from) continue; // said on that node
    const given = own<Socket>(from.outputs, link.output)?.type;
    if (given === undefined)
      problems.push(
        `its input ${shown(name)} comes from output ${shown(link.output)} of node ${link.node}, which does not exist: connect it anew`,
      );
    else if (given !== wanted)
      problems.push(
        `its input "${name}" takes a value of type ${wanted}, but node ${link.node} gives ${given}: connect another output`,
      );
  }
  for (const [name, socket] of Object.entries(def.inputs) as [string, AnySchema["inputs"][string]][])
    if (!socket.optional && !Object.hasOwn(links, name))
      problems.push(`its input "${name}" is not connected: connect ${socket.help}`);
}

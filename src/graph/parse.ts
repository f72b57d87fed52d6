/**
 * Turns a stored graph into what the executor runs, checked against the node definitions: what is wrong with a node becomes a
 * message on that node.
 */
import { visible } from "../quoted";
import { type Converted, definitionsIn, isDefinitionId, withoutDefinitions } from "./comfy";
import { type Json, shown } from "./json";
import { isOff, type Mode, modeOf, OFF_MESSAGE } from "./modes";
import type { AnySchema, Param, Socket } from "./node";
import { checkParam, cleanFile, paramType, valueWhereNotStored } from "./param";
import type { StoredGraph, StoredNode } from "./stored";
import { type Flat, flat, graphIn, SUBGRAPH, withOwnIds } from "./subgraphs";
import { type Feed, Wires } from "./wires";

/** Messages on one node; more would not be read. */
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
  readonly mode: Mode;
  /** Checked values; a parameter that is not stored has its default, or what held before it was there. */
  readonly params: Readonly<Record<string, unknown>>;
  /** What feeds each input socket or parameter, past nodes that are bypassed. Of a node that is off: nothing. */
  readonly inputs: Readonly<Record<string, Link>>;
  /** Messages about what keeps this node from running. */
  readonly problems: readonly string[];
  /** Messages about what modes leave out, which is no fault. */
  readonly notes: readonly string[];
}

/** Nodes by id. */
export type Graph = ReadonlyMap<string, GraphNode>;

/**
 * The graph of a file as it is worked on: ComfyUI's subgraphs are litegraph's, and each node has an id of its own, those inside of
 * subgraphs too.
 */
export const ready = (stored: StoredGraph, definitions: readonly AnySchema[]): StoredGraph =>
  withOwnIds(convertedGraph(stored, definitions).graph);

function convertedGraph(stored: StoredGraph, definitions: readonly AnySchema[]): Converted {
  const types = new Set(definitions.map(({ type }) => type));
  return withoutDefinitions(stored, (type) => types.has(type));
}

/** A stored graph with what is in its subgraphs in their places, as it is run. */
export function opened(stored: StoredGraph, definitions: readonly AnySchema[]): Flat {
  const converted = convertedGraph(stored, definitions);
  const { refused, ...others } = flat(converted.graph, undefined, true);
  return { ...others, refused: new Map([...refused, ...converted.refused]) };
}

/** Checks a stored graph against the definitions. Never throws: problems lie on the nodes. */
export function parseGraph(given: StoredGraph, definitions: readonly AnySchema[]): Graph {
  const types = new Map(definitions.map((def) => [def.type, def]));
  const { graph: stored, refused } = opened(given, definitions);
  const wires = new Wires(stored, (type) => types.get(type));
  const { nodes } = wires;
  const inputs = new Map<number, Inputs>();
  const problems = new Map<number, string[]>();
  const problem = (id: number, message: string) => {
    const own = problems.get(id) ?? [];
    if (own.length < MOST_PROBLEMS && !own.includes(message)) problems.set(id, [...own, message]);
  };

  for (const stated of stored.links) {
    const [, , , targetId, to] = stated;
    const target = nodes.get(targetId);
    if (!target || isOff(modeOf(target)) || wires.isEvent(stated)) continue;
    const name = wires.name(target, "inputs", to);
    const into: Inputs = inputs.get(targetId) ?? { fed: Object.create(null), stopped: Object.create(null) };
    inputs.set(targetId, into);
    if (name !== undefined && (Object.hasOwn(into.fed, name) || Object.hasOwn(into.stopped, name)))
      problem(targetId, `two links lead into its input ${shown(name)}: remove one`);
    const feed = wires.follow(stated);
    if ("stop" in feed) {
      if (name !== undefined) into.stopped[name] = stopMessage(feed, wires);
      continue;
    }
    const [, originId, from] = feed.link;
    const origin = nodes.get(originId);
    if (!origin) {
      problem(targetId, `its input ${shown(name ?? to)} comes from node ${originId}, which is not in the graph: connect it anew`);
      continue;
    }
    const output = wires.name(origin, "outputs", from);
    if (name === undefined || output === undefined)
      problem(
        targetId,
        `a link leads from slot ${from} of node ${originId} to slot ${to}, which does not exist: connect it anew`,
      );
    else into.fed[name] = { node: String(originId), output };
  }

  const kinds = definitionsIn(given);
  return new Map(
    stored.nodes.map((node) => {
      const def = types.get(node.type);
      const mode = modeOf(node);
      const into = inputs.get(node.id) ?? { fed: {}, stopped: {} };
      const found = problems.get(node.id) ?? [];
      const notes = modeNotes(mode);
      const params = def ? readParams(def, node.properties ?? {}, into.fed, found) : {};
      if (def) checkLinks(def, into, nodes, types, found, notes);
      else found.push(refused.get(node.id) ?? unknownMessage(node, kinds.has(node.type)));
      const parsed = {
        id: String(node.id),
        type: node.type,
        title: visible(wires.title(node)),
        mode,
        params,
        inputs: into.fed,
        notes: notes.slice(0, MOST_PROBLEMS),
      };
      return [parsed.id, { ...parsed, problems: isOff(mode) ? [OFF_MESSAGE[mode]] : found.slice(0, MOST_PROBLEMS) }];
    }),
  );
}

/** An object's member of a name from a file, which may be that of something every object inherits. */
const own = <T>(members: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(members, name) ? members[name] : undefined;

/** Why a node does not run whose type nobody has registered. */
function unknownMessage(node: StoredNode, isKind: boolean): string {
  if (node.type === SUBGRAPH && !graphIn(node))
    return "it is a subgraph whose graph is not in the file: save it again where it was made, or delete the node";
  if (!isKind && isDefinitionId(node.type))
    return `it is one of ComfyUI's subgraphs, whose definition ${shown(node.type)} is not in the file: save the whole workflow again there, or delete the node`;
  return `there is no node type ${shown(node.type)}: install the plugin it comes from, or delete the node`;
}

/** A node's problems in one message: as many as are soon read, and how many there are beside them. */
export function inOneMessage(problems: readonly string[]): string {
  let count = 1;
  while (count < problems.length && problems.slice(0, count + 1).join("; ").length <= LONGEST_MESSAGE) count++;
  const rest = problems.length - count;
  return problems.slice(0, count).join("; ") + (rest > 0 ? `; and ${rest} more` : "");
}

/** A node's links by input socket or parameter, and what is said of those that a mode lets nothing through. */
interface Inputs {
  readonly fed: Record<string, Link>;
  readonly stopped: Record<string, string>;
}

/** Why an input that leads to a node that is off gets nothing: the end of a message. */
function stopMessage({ stop, slot, why }: Extract<Feed, { stop: unknown }>, wires: Wires): string {
  const node = `${shown(wires.title(stop))} (node ${stop.id})`;
  switch (why) {
    case "muted":
      return `${node}, which is muted`;
    case "no input":
      return `${node}, which is bypassed and has no ${visible(String(wires.type(stop, "outputs", slot) || "value").slice(0, 40))} to hand on`;
    case "circle":
      return `${node}, which is bypassed and hands on what it gives itself`;
  }
}

/** What a node's mode leaves out, for `check`. */
function modeNotes(mode: Mode): string[] {
  switch (mode) {
    case "muted":
      return ["it is muted (mode “never”): it does not run"];
    case "bypassed":
      return ["it is bypassed: it does not run and hands on what feeds it"];
    case "asked":
      return ["its mode is “on event” or “on trigger”: it runs when another node needs it or it is asked for, not of itself"];
    default:
      return [];
  }
}

function readParams(
  def: AnySchema,
  properties: Json,
  links: Readonly<Record<string, Link>>,
  problems: string[],
): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const [name, param] of Object.entries(def.params) as [string, Param][]) {
    params[name] = valueWhereNotStored(param);
    const value = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (value === undefined || (Object.hasOwn(links, name) && param.kind !== "file")) continue;
    const message = checkParam(name, param, value);
    if (message) problems.push(message);
    else params[name] = param.kind === "file" ? cleanFile(value) : value;
  }
  return params;
}

function checkLinks(
  def: AnySchema,
  { fed, stopped }: Inputs,
  nodes: ReadonlyMap<number, StoredNode>,
  types: ReadonlyMap<string, AnySchema>,
  problems: string[],
  notes: string[],
): void {
  for (const [name, link] of Object.entries(fed)) {
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
  const needed = ([name, socket]: [string, Socket]) => !socket.optional && !Object.hasOwn(fed, name);
  const missing = Object.entries(def.inputs as Readonly<Record<string, Socket>>).filter(needed);
  for (const [name, socket] of missing)
    problems.push(
      Object.hasOwn(stopped, name)
        ? `its input "${name}" comes from ${stopped[name]}: set it to “always”, or connect another`
        : `its input "${name}" is not connected: connect ${socket.help}`,
    );
  for (const [name, why] of Object.entries(stopped))
    if (!missing.some(([other]) => other === name))
      notes.push(`its input ${shown(name)} counts as not connected: it comes from ${why}`);
}

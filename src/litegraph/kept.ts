/**
 * What other people store in a graph's file, and litegraph would lose, or let take the place of a member: `configure` copies
 * every field of a file onto the node or the graph it is read into. While a file is read, fields that would do harm can be read
 * by the node they belong to but are not copied; they and what litegraph leaves out are put back when the graph is stored.
 */
import { GRAPH_FIELDS, GROUP_FIELDS, NODE_FIELDS } from "../graph/clean";
import { isRecord, type Json } from "../graph/json";
import { type LGraph, type LGraphNode, type LiteGraphHost, nodesOf } from "./host";

type Fields = Record<string, unknown>;
type Configured = { configure(info: Fields, ...more: unknown[]): unknown };
type Group = { serialize(): Fields };

/** By graph, node and group: what a file said that is not copied. */
const kept = new WeakMap<object, Json>();
/** By node and link: names as the file has them, by those shown in litegraph's menus, which write them into the page as HTML. */
const names = new WeakMap<object, Names>();
/** A file's names by the shown ones. */
export type Names = ReadonlyMap<string, string>;

/**
 * Fields that are no state of a node but settings and hooks of its class, which litegraph reads off the node and never stores.
 */
const SETTINGS =
  /^(on[A-Z]|get[A-Z]|_)|^(graph|widgets|widgets_up|widgets_start_y|serialize_widgets|properties_info|connections|has_errors|last_serialization|clip_area|horizontal|removable|resizable|block_delete|ignore_remove|skip_repeated_outputs)$/;

const groupsOf = (graph: LGraph): readonly Group[] => (graph as unknown as { _groups: Group[] })._groups;

/** Whether a field of a file may be copied onto a node as it is. */
function isState(node: object, key: string): boolean {
  if (NODE_FIELDS.includes(key) || key === "widgets_values") return true;
  const now = (node as Fields)[key];
  const isPart = typeof (now as Partial<Configured> | null | undefined)?.configure === "function"; // litegraph configures it
  if (key === "subgraph") return isPart;
  return typeof now !== "function" && !isPart && !SETTINGS.test(key);
}

/** The same fields, those of `hidden` to be read by their names only. */
function withHidden(info: Fields, hidden: Json): Fields {
  const shown = Object.fromEntries(Object.entries(info).filter(([key]) => !Object.hasOwn(hidden, key)));
  for (const [key, value] of Object.entries(hidden)) Object.defineProperty(shown, key, { value, enumerable: false });
  return shown;
}

/** What a file says of a node beside litegraph's fields, and the node, just configured, does not store itself. */
function notStored(node: LGraphNode, info: Fields): Json {
  const others = only(info, (key) => !NODE_FIELDS.includes(key));
  if (Object.keys(others).length === 0) return {};
  const own = node.serialize();
  return only(others, (key) => !Object.hasOwn(own, key));
}

const only = (fields: Fields, is: (key: string) => boolean): Json =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => is(key)));

/** The fields of a group that litegraph stores itself. */
const STORED_OF_GROUP = [...GROUP_FIELDS, "font_size"];

/** Reads files with `read`, which is done when it returns: nothing of theirs takes the place of a member, and nothing is lost. */
export function keeping(host: LiteGraphHost, read: () => void): void {
  const node = host.LGraphNode.prototype as unknown as Configured;
  const graph = host.LGraph.prototype as unknown as Configured;
  const [configureNode, configureGraph] = [node.configure, graph.configure];
  // A class that is no subclass of LGraphNode was given copies of its methods when it was registered.
  const classes = Object.values(host.registered_node_types as unknown as Record<string, { prototype: Configured }>);
  const copies = classes.map(({ prototype }) => prototype);
  const nodes = [node, ...copies.filter((one) => Object.hasOwn(one, "configure") && one.configure === configureNode)];
  const configure = function (this: LGraphNode, info: Fields): unknown {
    const hidden = only(info, (key) => !isState(this, key));
    const result = configureNode.call(this, withHidden(info, hidden));
    kept.set(this, notStored(this, info));
    return result;
  } as Configured["configure"];
  for (const one of nodes) one.configure = configure;
  graph.configure = function (this: LGraph, data, ...more) {
    const hidden = only(data, (key) => !GRAPH_FIELDS.includes(key));
    kept.set(this, hidden);
    const groups = Array.isArray(data.groups) ? (data.groups as Fields[]) : [];
    const result = configureGraph.call(this, withHidden(data, hidden), ...more);
    groupsOf(this).forEach((group, i) => {
      kept.set(
        group,
        only(groups[i] ?? {}, (key) => !STORED_OF_GROUP.includes(key)),
      );
    });
    return result;
  };
  try {
    read();
  } finally {
    for (const one of nodes) one.configure = configureNode;
    graph.configure = configureGraph;
  }
}

/** Notes that names of a node or a link are shown otherwise than its file has them. */
export const noteNames = (owner: object | undefined, shown: Names): void =>
  void (owner && shown.size > 0 && names.set(owner, shown));

/** Puts back what was kept of a graph that litegraph has just stored, those inside its nodes included. */
export function putBack(graph: LGraph, stored: Fields): Fields {
  const nodes = (stored.nodes as Fields[]).map((fields, i) => restored(nodesOf(graph)[i]!, fields));
  const groups = (stored.groups as Fields[] | undefined)?.map((fields, i) => ({ ...kept.get(groupsOf(graph)[i]!), ...fields }));
  const links = (stored.links as [id: number, ...rest: unknown[], type: string][]).map((link) =>
    link.map((field, i) => (i === 5 ? named(graph.links[link[0]], field) : field)),
  );
  return { ...kept.get(graph), ...stored, nodes, links, ...(groups && { groups }) };
}

function restored(node: LGraphNode, fields: Fields): Fields {
  const own: Fields = { ...kept.get(node), ...fields };
  const inner = (node as unknown as { subgraph?: LGraph }).subgraph;
  if (inner && isRecord(own.subgraph) && Array.isArray(own.subgraph.nodes)) own.subgraph = putBack(inner, own.subgraph as Fields);
  if (!names.has(node)) return own;
  const slot = (one: Fields): Fields =>
    Object.fromEntries(Object.entries(one).map(([key, value]) => [key, NAMES.includes(key) ? named(node, value) : value]));
  for (const list of ["inputs", "outputs"]) if (Array.isArray(own[list])) own[list] = (own[list] as Fields[]).map(slot);
  own.properties = Object.fromEntries(
    Object.entries((own.properties ?? {}) as Fields).map(([name, value]) => [named(node, name), value]),
  );
  return own;
}

/** Fields of a slot that menus show. */
export const NAMES = ["name", "type", "label"];

const named = <T>(owner: object | undefined, shown: T): T | string =>
  (owner && typeof shown === "string" && names.get(owner)?.get(shown)) || shown;

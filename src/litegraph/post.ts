/**
 * The graph as the engine is to run it: our nodes, with every value from the page's own nodes put in the place of the node it
 * came from. The engine knows nothing of external nodes, but for those whose mode keeps a value from ours.
 */
import type { Engine, RunReport } from "../browser/protocol";
import { defaultTargets } from "../engine/targets";
import { withLinks } from "../graph/links";
import type { AnySchema, Param, Socket } from "../graph/node";
import { paramType } from "../graph/param";
import { type Graph, parseGraph } from "../graph/parse";
import type { StoredGraph, StoredLink, StoredNode } from "../graph/stored";
import { flat } from "../graph/subgraphs";
import { Wires } from "../graph/wires";
import { encodePicture, isPicture, signature, valueIn } from "./external-in";
import { definitionOf, isExternal, type LGraph, type LGraphNode, linksOf, nodesOf, registrationOf } from "./host";
import { save } from "./storage";

export interface Posted {
  readonly graph: StoredGraph;
  /** The same as it runs. */
  readonly run: Graph;
  /** Nodes that cannot have what an external node gives them, with a message each. */
  readonly problems: ReadonlyMap<string, string>;
  /** The nodes fed by each node put in, by its id. */
  readonly fed: ReadonlyMap<string, readonly string[]>;
  /** The node that each node of a subgraph is in, by its id. */
  readonly owners: ReadonlyMap<number, StoredNode>;
  /** What each external output gave, by `origin.slot`. */
  readonly signatures: ReadonlyMap<string, string>;
  /** What to compute; undefined leaves it to the engine, which knows nothing of results that external nodes show. */
  readonly targets: readonly string[] | undefined;
}

/** A node that gives one value. */
interface Constant {
  readonly type: "sftgan/number" | "sftgan/text" | "sftgan/load-lr";
  readonly output: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const titleOf = (graph: LGraph, id: number): string => graph.getNodeById(id)?.title || `node ${id}`;

/** External outputs that feed our nodes, by `origin.slot`. */
function externalInputs(graph: LGraph): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const link of linksOf(graph)) {
    const [origin, target] = [graph.getNodeById(link.origin_id), graph.getNodeById(link.target_id)];
    if (origin && target && isExternal(origin) && definitionOf(target))
      found.set(`${link.origin_id}.${link.origin_slot}`, valueIn(graph, link));
  }
  return found;
}

/**
 * Never throws: what is wrong with an external value is a message on the node it feeds. `thrown` is what external nodes threw, by
 * id. `whole` gives the graph that the stored one is shown of: itself, or one that has it in a node.
 */
export async function post(
  graph: LGraph,
  engine: Engine,
  thrown: ReadonlyMap<number, string>,
  whole: (shown: StoredGraph) => StoredGraph = (shown) => shown,
): Promise<Posted> {
  const { definitions } = registrationOf(graph);
  const externalIds = new Set(
    nodesOf(graph)
      .filter(isExternal)
      .map(({ id }) => id),
  );
  const saved = whole(save(graph));
  const { graph: stored, owners } = flat(saved, ({ id }) => !externalIds.has(id), true);
  const signatures = new Map([...externalInputs(graph)].map(([output, value]) => [output, signature(value)]));

  const problems = new Map<string, string>();
  const fed = new Map<string, readonly string[]>();
  const constants = new Map<string, Promise<Constant>>();
  const added: StoredNode[] = [];
  const links: StoredLink[] = [];
  const wires = new Wires(stored, (type) => definitions.get(type));
  /** External nodes that are off and so keep ours from a value: the engine says so. */
  const offIds = new Set<number>();
  let nextId = Math.max(stored.last_node_id, ...stored.nodes.map(({ id }) => id), 0) + 1;

  for (const node of nodesOf(graph))
    if (isExternal(node) && holdsOurs(node))
      problems.set(
        String(node.id),
        `"${titleOf(graph, node.id)}" is a subgraph, in which nodes do not run: put them into the graph itself`,
      );

  for (const link of stored.links) {
    const [id, , , targetId, input] = link;
    if (externalIds.has(targetId) || wires.isEvent(link)) continue;
    const feed = externalIds.has(link[1]) ? wires.follow(link) : { link };
    if ("stop" in feed) {
      offIds.add(feed.stop.id);
      links.push([id, feed.stop.id, feed.slot, targetId, input, link[5]]);
      continue;
    }
    const [, originId, slot] = feed.link;
    if (!externalIds.has(originId)) {
      links.push([id, originId, slot, targetId, input, feed.link[5]]);
      continue;
    }
    const target = graph.getNodeById(targetId);
    const def = definitionOf(target);
    const live = graph.links[id];
    const name = target?.inputs?.[input]?.name;
    if (!target || !def || !live || name === undefined) continue;
    const wanted = socketOf(def, name);
    const output = `${originId}.${slot}.${wanted}`;
    const value = valueIn(graph, live);
    if (!constants.has(output)) constants.set(output, constant(definitions, wanted, value, engine));
    let given: Constant;
    try {
      given = await constants.get(output)!;
      if (thrown.has(originId)) throw new Error(thrown.get(originId));
    } catch (error) {
      const failed = thrown.get(originId);
      const reason = failed === undefined ? `does not fit: ${(error as Error).message}` : `failed: ${failed}`;
      problems.set(String(targetId), `its input "${name}" from "${titleOf(graph, originId)}" ${reason}`);
      given = blank(definitions);
    }
    const node = nextId++;
    const type = given.type === "sftgan/load-lr" ? "image" : given.type.slice("sftgan/".length);
    added.push({
      id: node,
      type: given.type,
      title: titleOf(graph, originId),
      pos: [0, 0],
      size: [200, 60],
      flags: {},
      mode: 0,
      inputs: [],
      outputs: [{ name: given.output, type }],
      properties: given.properties,
    });
    fed.set(String(node), [String(targetId)]);
    links.push([id, node, 0, targetId, input, type]);
  }

  const nodes = stored.nodes
    .filter(({ id }) => !externalIds.has(id) || offIds.has(id))
    .map((node) => (externalIds.has(node.id) ? { ...node, title: titleOf(graph, node.id) } : node));
  const posted = externalIds.size
    ? { ...stored, last_node_id: nextId - 1, nodes: withLinks([...nodes, ...added], links), links }
    : saved;
  const run = parseGraph(posted, [...definitions.values()]);
  const shown = stored.links.flatMap((link) => {
    if (!externalIds.has(link[3]) || externalIds.has(link[1]) || wires.isEvent(link)) return [];
    const feed = wires.follow(link);
    return "link" in feed && !externalIds.has(feed.link[1]) ? [String(feed.link[1])] : [];
  });
  const targets = shown.length ? defaultTargets(run, (type) => definitions.get(type), shown) : undefined;
  return { graph: posted, run, problems, fed, owners, signatures, targets };
}

/** The nodes that a message about one is for, by their ids: those that it feeds, or of a node in a subgraph the one that is shown. */
export function shownFor(graph: LGraph, { fed, owners }: Pick<Posted, "fed" | "owners">, id: string): readonly string[] {
  const owner = graph.getNodeById(Number(id)) ? undefined : owners.get(Number(id));
  return fed.get(id) ?? (owner === undefined ? [id] : shownFor(graph, { fed, owners }, String(owner.id)));
}

/** A report's messages by node id, those about nodes put in told of the nodes they feed, and those of posting itself. */
export function errorsOf(graph: LGraph, { errors }: RunReport, posted: Posted): Record<string, string> {
  const { problems } = posted;
  const all: Record<string, string> = {};
  for (const [id, message] of Object.entries(errors)) for (const node of shownFor(graph, posted, id)) all[node] ??= message;
  return { ...all, ...Object.fromEntries(problems) };
}

/** Whether nodes of ours are inside a node of the page's, as in litegraph's subgraphs. */
function holdsOurs(node: LGraphNode): boolean {
  const { subgraph } = node as unknown as { subgraph?: LGraph };
  const inside = subgraph && Array.isArray(nodesOf(subgraph)) ? nodesOf(subgraph) : [];
  return inside.some((one) => definitionOf(one) !== undefined || holdsOurs(one));
}

/** The type of value an input socket or parameter takes. */
function socketOf(def: AnySchema, name: string): string {
  if (Object.hasOwn(def.inputs, name)) return (def.inputs[name] as Socket).type;
  return (Object.hasOwn(def.params, name) && paramType(def.params[name] as Param)) || "nothing";
}

/** The node that gives `value` as a socket of type `wanted` takes it. Throws an error where it does not fit. */
async function constant(
  definitions: ReadonlyMap<string, AnySchema>,
  wanted: string,
  value: unknown,
  engine: Engine,
): Promise<Constant> {
  if (value === undefined || value === null)
    throw new Error("it has given nothing yet: run the page's graph, or connect another");
  const shown = typeof value === "string" ? `the text "${value.slice(0, 40)}"` : `a value of type ${nameOf(value)}`;
  switch (wanted) {
    case "number":
      if (typeof value !== "number" || !Number.isFinite(value))
        throw new Error(`it gives ${typeof value === "number" ? value : shown}, and a number belongs here: connect a number`);
      return { type: "sftgan/number", ...valueFields(definitions, "sftgan/number", value) };
    case "text":
      if (typeof value !== "string" && typeof value !== "number")
        throw new Error(`it gives ${shown}, and text belongs here: connect text`);
      return { type: "sftgan/text", ...valueFields(definitions, "sftgan/text", String(value)) };
    case "image": {
      if (!isPicture(value))
        throw new Error(`it gives ${shown}, and a picture belongs here: connect a canvas, an image or ImageData`);
      const ref = await engine.addFile(await encodePicture(value), "picture.png", { keep: false });
      return { type: "sftgan/load-lr", ...valueFields(definitions, "sftgan/load-lr", ref) };
    }
    default:
      throw new Error(`a ${wanted} comes from our own nodes only: connect one of them`);
  }
}

/** Stands where a value is missing; the engine stops there, and the message is on the node it feeds. */
const blank = (definitions: ReadonlyMap<string, AnySchema>): Constant => ({
  type: "sftgan/load-lr",
  ...valueFields(definitions, "sftgan/load-lr", null),
});

/** The output and the parameter of a node that gives one value. */
function valueFields(
  definitions: ReadonlyMap<string, AnySchema>,
  type: Constant["type"],
  value: unknown,
): Omit<Constant, "type"> {
  const isFile = type === "sftgan/load-lr";
  const def = definitions.get(type);
  const params = Object.entries((def?.params ?? {}) as Record<string, Param>);
  const param = params.find(([, { kind }]) => !isFile || kind === "file")?.[0] ?? (isFile ? "file" : "value");
  const output = Object.keys(def?.outputs ?? {})[0] ?? (isFile ? "image" : "value");
  return { output, properties: { [param]: value } };
}

const nameOf = (value: unknown): string =>
  typeof value === "object" ? ((value as object).constructor?.name ?? "object") : typeof value;

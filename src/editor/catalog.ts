/** The nodes on offer: in which group of the list each stands, and which match what is typed. No DOM. */
import type { AnySchema, Param, Params, Socket, Sockets } from "../graph/node";
import { type Findable, ranked } from "./ranking";

const GROUPS = ["Pictures", "Priors", "Network", "Weights", "Results", "Other"] as const;
export type Group = (typeof GROUPS)[number];

/** A list of definitions has forgotten its types: these give sockets and parameters theirs back. */
export const socketEntries = (sockets: Sockets): [string, Socket][] => Object.entries(sockets);
export const paramEntries = (params: Params): [string, Param][] => Object.entries(params);

const types = (sockets: Sockets): string[] => Object.values(sockets).map((socket) => socket.type);

/** Judged by what flows: so a node added later finds its place by itself. */
export function groupOf(node: AnySchema): Group {
  const out = types(node.outputs);
  const into = types(node.inputs);
  if (out.includes("model")) return "Weights";
  if (node.sink || out.includes("file")) return "Results";
  if (out.includes("prior")) return "Priors";
  if (out.includes("condition") || out.includes("features") || into.includes("features")) return "Network";
  if (into.includes("prior")) return "Priors";
  if (out.includes("number") || out.includes("text")) return "Results";
  return out.includes("image") ? "Pictures" : "Other";
}

/** Nodes by group in the order of the list; groups without nodes are left out. */
export function grouped(nodes: readonly AnySchema[]): [Group, AnySchema[]][] {
  return GROUPS.map((group): [Group, AnySchema[]] => [group, nodes.filter((node) => groupOf(node) === group)]).filter(
    ([, list]) => list.length,
  );
}

/** The socket type that says most about a node: its first output's, else its first input's. */
export const firstType = (node: AnySchema): string => types(node.outputs)[0] ?? types(node.inputs)[0] ?? "";

/** What a node is found by. */
export const describeNode = (node: AnySchema): Findable => ({
  title: node.title,
  words: [node.type, groupOf(node), ...Object.keys(node.inputs), ...Object.keys(node.outputs), ...Object.keys(node.params)].join(
    " ",
  ),
  help: node.description,
});

/** Nodes in which every typed word occurs, the best first: titles before types, sockets and help. No words: all. */
export const matching = (nodes: readonly AnySchema[], query: string): AnySchema[] => ranked(nodes, query, describeNode);

/** Nodes that take (`side` "input") or give (`side` "output") a value of this type: what a loose wire can end in. */
export const joining = (nodes: readonly AnySchema[], side: "input" | "output", type: string): AnySchema[] =>
  nodes.filter((node) => types(side === "input" ? node.inputs : node.outputs).includes(type));

/** A parameter's values for people, such as "1 to 16", "float or 8 bit", "on or off". */
export function rangeText(param: Param): string {
  if (param.kind === "choice") return (param.choices ?? []).join(", ");
  if (param.kind === "flag") return "on or off";
  if (param.kind === "file")
    return (
      (param.accept ?? "")
        .split(",")
        .filter((part) => part.startsWith("."))
        .join(" ") || "file"
    );
  if (param.editor) return "painted in the large view";
  if (param.kind === "text") return "text";
  const unit = param.unit ? ` ${param.unit}` : "";
  if (param.min !== undefined && param.max !== undefined) return `${param.min} to ${param.max}${unit}`;
  if (param.min !== undefined) return `at least ${param.min}${unit}`;
  if (param.max !== undefined) return `at most ${param.max}${unit}`;
  return `number${unit}`;
}

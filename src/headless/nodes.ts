/** `sftgan nodes`: every node's sockets and parameters. */
import type { AnyNode, Param, Socket } from "../graph/node";
import { definitions, loadNodes, NODES_OPTION } from "./catalog";
import { EXIT, UsageError } from "./failure";
import { print } from "./terminal";
import { type Command, helpText, type Options, parse } from "./usage";

const OPTIONS = { ...NODES_OPTION, json: { help: "prints them as JSON" } } as const satisfies Options;

export const nodes: Command = {
  help: helpText("sftgan nodes [OPTION]...", "Lists every node with its inputs, parameters and outputs.", OPTIONS),

  async run(args) {
    const { values, positionals } = parse("nodes", args, OPTIONS);
    if (positionals.length > 0) throw new UsageError('arguments are not taken: see "sftgan nodes --help"');
    await loadNodes(values.nodes);
    const all = definitions();
    print(values.json ? JSON.stringify(all, null, 2) : all.map(described).join("\n\n"));
    return EXIT.done;
  },
};

function described(def: AnyNode): string {
  const sockets = Object.entries(def.inputs) as [string, Socket][];
  const params = Object.entries(def.params) as [string, Param][];
  const outputs = Object.entries(def.outputs) as [string, Socket][];
  const rows = [
    ...sockets.map(([name, { type, help, optional }]) => ["in", name, optional ? `${type}?` : type, help]),
    ...params.map(([name, param]) => ["set", name, values(param), `${param.help} (${preset(param)})`]),
    ...outputs.map(([name, { type, help }]) => ["out", name, type, help]),
  ];
  const lines = rows.map(([kind, name, type, help]) => `  ${kind!.padEnd(4)}${name!.padEnd(12)}${type!.padEnd(12)} ${help}`);
  return [`${def.title}  [${def.type}]`, `  ${def.description}`, ...lines].join("\n");
}

function values({ kind, choices, min, max, unit = "" }: Param): string {
  if (kind === "choice") return choices!.length > 4 ? "choice" : choices!.join(" | ");
  if (kind !== "number" || (min === undefined && max === undefined)) return kind;
  return `${min ?? "…"}…${max ?? "…"}${unit && ` ${unit}`}`;
}

function preset({ kind, choices, default: value }: Param): string {
  const shown = kind === "file" ? ((value as { name: string } | null)?.name ?? "none") : JSON.stringify(value);
  return `${choices && choices.length > 4 ? `one of ${choices.join(", ")}; ` : ""}default ${shown}`;
}

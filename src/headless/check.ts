/** `sftgan check`: what is wrong with a graph, and where, without running it. */
import { verify } from "../graph/file";
import type { GraphNode } from "../graph/parse";
import { label } from "./address";
import { fileOf, folderOf, openGraph, refsOf, refuseEmpty, workOf } from "./graph-file";
import type { Work } from "./session";
import { problems } from "./targets";
import { print, printable } from "./terminal";
import { type Command, EXIT, only, parse } from "./usage";

const HELP = `Usage: sftgan check GRAPH.json [--allow-files DIR]... [--json]

Says what is wrong with a graph and where: unknown nodes, wires that do not fit, values out of range, cycles,
files that are missing or are not the ones it was saved with, no nodes at all. Exit code 1 if anything is.

  --allow-files DIR  lets the graph name files in DIR too, beside those in its own folder
  --json             prints a list of { node, title, problem }
  -h, --help         prints this
`;

export const check: Command = {
  name: "check",
  summary: "say what is wrong with a graph, and where",
  help: HELP,

  async run(args) {
    const { values, positionals } = parse("check", args, {
      "allow-files": { type: "string", multiple: true },
      json: { type: "boolean" },
    });
    const path = only("check", positionals, "one graph file");
    const work = workOf(await openGraph(path), { folder: folderOf(path), allowed: values["allow-files"] ?? [] });
    refuseEmpty(work, path);
    const found: { node: string; title: string; problem: string }[] = [];
    for (const [id, problem] of problems(work.graph, [...work.graph.keys()]))
      found.push({ node: id, title: work.graph.get(id)!.title, problem });
    for (const node of work.graph.values())
      for (const problem of await missingFiles(node, work)) found.push({ node: node.id, title: node.title, problem });
    if (values.json) print(JSON.stringify(found, null, 2));
    else if (found.length === 0) print(`${printable(path)}: nothing is wrong`);
    else for (const { node, problem } of found) print(printable(`${label(work.graph.get(node)!)}: ${problem}`));
    return found.length > 0 ? EXIT.failed : EXIT.done;
  },
};

/** A sentence for each file parameter whose file is not there, or is another one. */
async function missingFiles(node: GraphNode, work: Work): Promise<string[]> {
  const sentences: string[] = [];
  for (const [, ref] of refsOf(node))
    try {
      await verify(ref, await fileOf(ref, work));
    } catch (error) {
      sentences.push((error as Error).message);
    }
  return sentences;
}

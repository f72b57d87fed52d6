/** `sftgan check`: what is wrong with a graph, and where, without running it. */
import { problemsOf } from "../engine/targets";
import { verify } from "../graph/file";
import { isOff } from "../graph/modes";
import type { GraphNode } from "../graph/parse";
import { label } from "./address";
import { loadNodes, NODES_OPTION } from "./catalog";
import { EXIT } from "./failure";
import { fileOf, folderOf, openGraph, refsOf, refuseEmpty, workOf } from "./graph-file";
import { checkAllowed } from "./places";
import { graphPath, readyGraphsText } from "./ready-graphs";
import { print, printable } from "./terminal";
import { type Command, helpText, type Options, only, parse } from "./usage";
import type { Work } from "./work";

const OPTIONS = {
  "allow-files": { value: "DIR", multiple: true, help: "lets the graph name files in DIR too, beside those in its own folder" },
  ...NODES_OPTION,
  json: { help: "prints a list of { node, title, problem }, and of { node, title, note } for what modes leave out" },
} as const satisfies Options;

const ABOUT = `Says what is wrong with a graph and where: unknown nodes, wires that do not fit, values out of range, cycles, files that are missing or are not the ones it was saved with, no nodes at all. Exit code 1 if anything is. Says too what the modes of nodes leave out (muted, bypassed, on event, on trigger), which is nothing wrong.`;

export const check: Command = {
  get help() {
    return helpText("sftgan check GRAPH.json|graph:NAME [OPTION]...", ABOUT, OPTIONS, readyGraphsText());
  },

  async run(args) {
    const { values, positionals } = parse("check", args, OPTIONS);
    const path = graphPath(only("check", positionals, "one graph file"));
    await loadNodes(values.nodes);
    await checkAllowed(values["allow-files"] ?? []);
    const work = workOf(await openGraph(path), { folder: folderOf(path), allowed: values["allow-files"] ?? [] });
    refuseEmpty(work, path);
    const running = [...work.graph.values()].filter(({ mode }) => !isOff(mode));
    const found: Found[] = [];
    for (const [id, problem] of problemsOf(work.graph, ids(running))) found.push(said(work.graph.get(id)!, { problem }));
    for (const node of running) for (const problem of await missingFiles(node, work)) found.push(said(node, { problem }));
    const isWrong = found.length > 0;
    for (const node of work.graph.values()) for (const note of node.notes) found.push(said(node, { note }));
    if (values.json) print(JSON.stringify(found, null, 2));
    else {
      for (const { node, problem, note } of found) print(printable(`${label(work.graph.get(node)!)}: ${problem ?? note}`));
      if (!isWrong) print(`${printable(path)}: nothing is wrong`);
    }
    return isWrong ? EXIT.input : EXIT.done;
  },
};

/** Something wrong with a node, or what a mode leaves out. */
interface Found {
  readonly node: string;
  readonly title: string;
  readonly problem?: string;
  readonly note?: string;
}

const said = ({ id, title }: GraphNode, what: Pick<Found, "problem" | "note">): Found => ({ node: id, title, ...what });
const ids = (nodes: readonly GraphNode[]) => nodes.map(({ id }) => id);

/** A message for each file parameter whose file is not there, or is another one. */
async function missingFiles(node: GraphNode, work: Work): Promise<string[]> {
  const messages: string[] = [];
  for (const [, ref] of refsOf(node))
    try {
      await verify(ref, await fileOf(ref, work));
    } catch (error) {
      messages.push((error as Error).message);
    }
  return messages;
}

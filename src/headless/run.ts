/** `sftgan run`: a graph, with parameters set and results written to files. */
import { resolve } from "node:path";
import { defaultTargets, problemsOf } from "../engine/targets";
import { sizeText } from "../image/raster";
import { label } from "./address";
import { loadNodes, NODES_OPTION, typeNamed } from "./catalog";
import { COMPUTE_HELP, COMPUTE_OPTIONS, computeOf } from "./compute";
import { folderOf, openGraph, pathsOf, refuseEmpty, workOf } from "./graph-file";
import { drawnFrom, type Out, readOut, tooLarge, unwritable, writeOut } from "./output";
import { recipeHash } from "./own";
import { checkAllowed } from "./places";
import { Guard, Inputs } from "./replace";
import { Report } from "./report";
import { Session, type Work } from "./session";
import { readSetting, type Setting, withSettings } from "./settings";
import { Progress, print, printable, printError } from "./terminal";
import { type Command, EXIT, only, parse, UsageError } from "./usage";
import { removeParts } from "./write";

const HELP = `Usage: sftgan run GRAPH.json [--set "Node.parameter=value"]... [--out FILE | --out "Node=FILE"]... [--json]

Runs a graph saved by the editor, or the graph inside a PNG written by Save. Without --out every node that
shows something is computed and its result printed.

  --set "Node.parameter=value"  sets a parameter. A node is named by its title or its id. Files are paths, or
                                names such as sample:scene.png and weights:psnr.safetensors
  --out FILE                    writes the picture at the graph's Save node: .png, .jpg, .webp, or .npy
  --out "Node=FILE"             writes what a node gives. .npy is float32 [h, w, c], not clipped: of a picture,
                                prior, condition or features. .json and .txt are for numbers
                                "Node.output=FILE" chooses one of several outputs
  --allow-files DIR             lets the graph name files in DIR too, which it can do by their whole path
  --nodes FILE                  adds the nodes of a JavaScript module, which is run: only one that you trust
  --overwrite                   replaces files that this program did not make, too
  --json                        prints a report: time, cache, sizes and errors per node, tensors, backend
${COMPUTE_HELP.replace(/^( {2}--\S+ \S+) +/gm, (_, option: string) => option.padEnd(32))}
  -h, --help                    prints this

A graph may name files in its own folder, and in those inside it; what lies elsewhere is given by --set, or
its folder is allowed. A file that exists is replaced if this program made it: pictures, .npy, and .json or .txt
with the same names. Nothing that the command reads is ever replaced.

  sftgan run graphs/sft-gan.json --set "Load LR.file=photo.jpg" --out large.png
  sftgan run graphs/prior-from-file.json --set "Load Prior.file=prior.npy" --out "Condition Net=condition.npy"
`;

export const run: Command = {
  name: "run",
  summary: "run a graph: set parameters, write results",
  help: HELP,

  async run(args, signal) {
    const { values, positionals } = parse("run", args, {
      set: { type: "string", multiple: true },
      out: { type: "string", multiple: true },
      "allow-files": { type: "string", multiple: true },
      overwrite: { type: "boolean" },
      ...NODES_OPTION,
      json: { type: "boolean" },
      ...COMPUTE_OPTIONS,
    });
    const machine = computeOf(values);
    const path = only("run", positionals, "one graph file");
    await loadNodes(values.nodes);
    const { work, inputs } = await prepared(path, values.set ?? [], values["allow-files"] ?? []);
    refuseEmpty(work, path);
    const outs = (values.out ?? []).map((text) => readOut(work.graph, text));
    refuseTwice(outs);
    for (const { file } of outs) await removeParts(file);
    const guard = new Guard(inputs, values.overwrite ?? false);
    const report = new Report(work.graph);
    const progress = new Progress();
    let session: Session | undefined;
    try {
      const asked = outs.length > 0 ? outs.map((out) => out.node) : defaultTargets(work.graph, typeNamed);
      for (const [id, message] of problemsOf(work.graph, asked)) report.fail(id, message);
      for (const out of report.failures.length > 0 ? [] : outs) {
        const message = (await unwritable(out, guard)) ?? (await tooLarge(out, work));
        if (message) report.fail(out.node, message);
      }
      // What can be computed is shown whatever is wrong beside it; files are written all or none.
      const targets = outs.length > 0 ? [] : asked.filter((id) => problemsOf(work.graph, [id]).size === 0);
      if (report.failures.length === 0 || targets.length > 0) {
        session = await Session.start(machine);
        if (targets.length > 0) await compute(session, work, targets, report, progress, signal);
        for (const out of outs) await computeAndWrite(session, work, out, guard, report, progress, signal, !values.json);
      }
    } finally {
      progress.clear();
    }
    for (const [id, warning] of report.warnings) printError(`warning: ${nameOf(work, id)}: ${warning}`);
    for (const [id, message] of report.failures) printError(`${nameOf(work, id)}: ${message}`);
    if (values.json) print(JSON.stringify(report.json(session), null, 2));
    else if (outs.length === 0) printResults(work, report);
    await session?.close();
    return report.failures.length > 0 ? EXIT.failed : EXIT.done;
  },
};

const nameOf = (work: Work, id: string): string => {
  const node = work.graph.get(id);
  return node ? label(node) : `node ${id}`;
};

async function prepared(
  path: string,
  texts: readonly string[],
  allowed: readonly string[],
): Promise<{ work: Work; inputs: Inputs }> {
  await checkAllowed(allowed);
  const stored = await openGraph(path);
  const named = new Map<string, string>();
  const places = { folder: folderOf(path), allowed, named };
  const { graph } = workOf(stored, places);
  const settings: Setting[] = [];
  for (const text of texts) settings.push(await readSetting(graph, text, named));
  const set = withSettings(stored, settings);
  const work = { ...workOf(set, places), recipe: await recipeHash(JSON.stringify(set)) };
  return { work, inputs: new Inputs(() => [path, ...pathsOf(work.graph, places)]) };
}

function refuseTwice(outs: readonly Out[]): void {
  const seen = new Set<string>();
  for (const { file } of outs) {
    if (seen.has(resolve(file))) throw new UsageError(`--out names "${file}" twice: give each result a file of its own`);
    seen.add(resolve(file));
  }
}

async function compute(
  session: Session,
  work: Work,
  targets: readonly string[],
  report: Report,
  progress: Progress,
  signal: AbortSignal,
) {
  let done = 0;
  let total = 1;
  let title = "";
  return session.run(work, targets, {
    signal,
    onEvent(event) {
      report.record(event);
      if (event.kind === "overall") ({ done, total } = event);
      if (event.kind === "started") title = work.graph.get(event.node)!.title;
      progress.show(title, (done + (event.kind === "progress" ? event.fraction : 0)) / total);
    },
  });
}

async function computeAndWrite(
  session: Session,
  work: Work,
  out: Out,
  guard: Guard,
  report: Report,
  progress: Progress,
  signal: AbortSignal,
  say: boolean,
): Promise<void> {
  const { outputs } = await compute(session, { ...work, graph: out.graph }, [out.node], report, progress, signal);
  const found = outputs.get(out.node);
  if (!found) return; // why is in the report
  try {
    const bytes = await writeOut(out, found, session, guard);
    report.outputs.push({ node: out.node, ...(out.output && { output: out.output }), file: out.file, bytes });
  } catch (error) {
    report.fail(out.node, (error as Error).message);
    return;
  }
  progress.clear();
  const { node, output } = drawnFrom(out);
  const [height, width] = report.nodes[node]?.sizes?.[output] ?? [];
  if (say) print(printable(height && width ? `${out.file}  ${sizeText({ height, width })}` : out.file));
}

/** A line for each node that is a result for people, or the end of a graph that has none. */
function printResults(work: Work, report: Report): void {
  for (const id of defaultTargets(work.graph, typeNamed)) {
    const { summary, error } = report.nodes[id] ?? {};
    if (summary !== undefined && error === undefined) print(printable(`${nameOf(work, id)}: ${summary}`));
  }
}

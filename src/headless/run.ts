/** `sftgan run`: a graph, with parameters set and results written to files. */
import { resolve } from "node:path";
import { defaultTargets, problemsOf } from "../engine/targets";
import { sizeText } from "../region";
import { label } from "./address";
import { loadNodes, NODES_OPTION, typeNamed } from "./catalog";
import { COMPUTE_OPTIONS, computeOf } from "./compute";
import { contentOf } from "./content";
import { EXIT, exitOf, UsageError } from "./failure";
import { folderOf, openGraph, pathsOf, refuseEmpty, workOf } from "./graph-file";
import { isRuntimeFailure } from "./native/link";
import { checkOut, drawnFrom, type Out, readOut, writeOut } from "./output";
import { recipeHash } from "./own";
import { checkAllowed } from "./places";
import { Progress } from "./progress";
import { graphPath, readyGraphsText } from "./ready-graphs";
import { Guard, Inputs } from "./replace";
import { Report } from "./report";
import { Session } from "./session";
import { readSetting, type Setting, withSettings } from "./settings";
import { print, printable, printError, printWarning } from "./terminal";
import { type Command, helpText, type Options, only, parse } from "./usage";
import type { Work } from "./work";
import { removeParts } from "./write";

const OPTIONS = {
  set: {
    value: "ASSIGNMENT",
    multiple: true,
    help: `"Node.parameter=value" sets a parameter. A node is named by its title or its id. Files are paths, or names such as sample:scene.png and weights:psnr.safetensors`,
  },
  out: {
    value: "FILE",
    multiple: true,
    help: `writes the picture at the graph's Save node: .png, .jpg, .webp, .avif, .tif, or .npy
"Node=FILE" writes what a node gives. .npy is float32 [h, w, c], not clipped: of a picture, prior, condition or features. .json and .txt are for numbers
"Node.output=FILE" chooses one of several outputs`,
  },
  "allow-files": {
    value: "DIR",
    multiple: true,
    help: "lets the graph name files in DIR too, which it can do by their whole path",
  },
  ...NODES_OPTION,
  overwrite: { help: "replaces files that this program did not make, too" },
  json: { help: "prints a report: time, cache, sizes and errors per node, tensors, backend" },
  quiet: { short: "q", help: "says nothing but what went wrong" },
  ...COMPUTE_OPTIONS,
} as const satisfies Options;

const ABOUT = `Runs a graph saved by the editor, the graph inside a PNG written by Save, or a ready one. Without --out every node that shows something is computed and its result printed.`;

const NOTES = `A graph may name files in its own folder, and in those inside it; what lies elsewhere is given by --set, or
its folder is allowed. A file that exists is replaced if this program made it: pictures, .npy, and .json or
.txt with the same names. Nothing that the command reads is ever replaced.

  sftgan run graph:sft-gan --set "Load LR.file=photo.jpg" --out large.png
  sftgan run my.json --set "Load Prior.file=prior.npy" --out "Condition Net=condition.npy" --json`;

export const run: Command = {
  get help() {
    return helpText("sftgan run GRAPH.json|graph:NAME [OPTION]...", ABOUT, OPTIONS, readyGraphsText(), NOTES);
  },

  async run(args, signal) {
    const { values, positionals } = parse("run", args, OPTIONS);
    const machine = computeOf(values);
    const path = graphPath(only("run", positionals, "one graph file"));
    await loadNodes(values.nodes);
    const { work, inputs } = await prepared(path, values.set ?? [], values["allow-files"] ?? []);
    refuseEmpty(work, path);
    const outs = (values.out ?? []).map((text) => readOut(work.graph, text));
    refuseTwice(outs);
    for (const { file } of outs) await removeParts(file);
    const guard = new Guard(inputs, values.overwrite ?? false);
    const report = new Report(work.graph);
    const progress = new Progress(1, { quiet: values.quiet ?? false });
    const says = !values.json && !values.quiet;
    let session: Session | undefined;
    try {
      const asked = outs.length > 0 ? outs.map((out) => out.node) : defaultTargets(work.graph, typeNamed);
      for (const [id, message] of problemsOf(work.graph, asked)) report.fail(id, message);
      for (const out of report.failures.length > 0 ? [] : outs) {
        await checkOut(out, work, guard).catch((error: Error) => report.fail(out.node, error.message, exitOf(error)));
      }
      // What can be computed is shown whatever is wrong beside it; files are written all or none.
      const targets = outs.length > 0 ? [] : asked.filter((id) => problemsOf(work.graph, [id]).size === 0);
      if (report.failures.length === 0 || targets.length > 0) {
        const [graph, first] = outs[0] ? [outs[0].graph, [outs[0].node]] : [work.graph, targets];
        session = await Session.start(machine, { work: { ...work, graph }, targets: first });
        if (targets.length > 0) await compute(session, work, targets, report, progress, signal);
        for (const out of outs) await computeAndWrite(session, work, out, guard, report, progress, signal, says);
      }
    } finally {
      progress.clear();
    }
    for (const [id, warning] of report.warnings) printWarning(`${nameOf(work, id)}: ${warning}`);
    for (const [id, message] of report.failures) printError(`${nameOf(work, id)}: ${message}`);
    if (values.json) print(JSON.stringify(report.json(session), null, 2));
    else if (says && outs.length === 0) printResults(work, report);
    await session?.close();
    return report.exit;
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
  let [title, fraction] = ["", 0];
  return session.run(work, targets, {
    signal,
    onEvent(event) {
      const isOfMachine = session.isLost || (event.kind === "failed" && isRuntimeFailure(event.message));
      report.record(event, isOfMachine ? EXIT.engine : EXIT.input);
      if (event.kind === "overall") fraction = event.fraction;
      if (event.kind === "started") title = work.graph.get(event.node)!.title;
      progress.show(title, fraction);
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
    const bytes = await writeOut(out, await contentOf(out, found, session), guard);
    report.outputs.push({ node: out.node, ...(out.output && { output: out.output }), file: out.file, bytes });
  } catch (error) {
    report.fail(out.node, (error as Error).message, exitOf(error));
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

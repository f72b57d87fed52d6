/**
 * The process that computes networks by onnxruntime for the command line. `run()` holds its thread up until it is done, and
 * nothing but the end of the process stops it: so it is a process of its own, which whoever started it may kill.
 */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import type { Region } from "../../types";
import { type Onnx, openModel } from "./open";
import {
  type Answer,
  type Ask,
  type Feed,
  type Hello,
  OVERFLOW,
  type Place,
  type Request,
  SHARED,
  WITH_SHARED_FILES,
} from "./protocol";
import { openResampler, type Resampler, type Samples } from "./resampler";
import { readShared, SharedFile, type Written } from "./shared-file";
import { openSumOfSquares, type SumOfSquares } from "./sum-of-squares";
import { warmUp } from "./warm-up";

/** What is done beside networks. */
interface Tools {
  readonly resample: Resampler;
  readonly sumOfSquares: SumOfSquares;
}

const openTools = async (onnx: Onnx, threads: number): Promise<Tools> => ({
  resample: await openResampler(onnx, threads),
  sumOfSquares: await openSumOfSquares(onnx, threads),
});

/** The largest float32: no sum of squares below it has a square above it. */
const LARGEST = 3.4e38;

/** npm passes over an optional package whose install script fails, as this one's does where it cannot fetch CUDA. */
const NOT_INSTALLED =
  "its package is not installed; the npm install that brought sftgan, given again with ONNXRUNTIME_NODE_INSTALL=skip before it, brings it";

/** Characters of an error of onnxruntime's. */
const LONGEST = 200;

/** Bytes that a message carries as fast as the file. */
const SMALL = 2 ** 16;

const results = process.argv[2] === WITH_SHARED_FILES ? new SharedFile(SHARED.results) : undefined;
const sessions = new Map<number, InferenceSession>();
const maps = new Map<number, Samples>();
let tools: Promise<Tools>;
/** What `tools` were opened with: before the parent has asked for anything, while nobody waits, with all there are. */
let threads = availableParallelism();

/** Ends this process where its parent is gone. */
const endWithParent = () => process.on("disconnect", () => process.exit());

const PARENT = process.ppid;
let isWatched = false;

/**
 * The same while a run holds this thread up: another one looks, and signals work. Starting it takes half as long as a short run: it
 * is started before a long one, and after the first, when whoever asked for that is busy with the result.
 */
function watchParent(): void {
  if (isWatched) return;
  isWatched = true;
  const look = `
    setInterval(() => process.ppid === ${PARENT} || process.kill(process.pid, "SIGKILL"), 300);
  `;
  new Worker(look, { eval: true }).unref();
}

const say = (message: Hello | Answer) => process.send!(message);

async function main(): Promise<void> {
  endWithParent();
  let onnx: Onnx;
  try {
    const found = await import("onnxruntime-node");
    onnx = "default" in found ? (found.default as Onnx) : found;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    say({ missing: code === "ERR_MODULE_NOT_FOUND" ? NOT_INSTALLED : message.split("\n")[0]! });
    return;
  }
  useTools(openTools(onnx, threads));
  let last = tools.then(() => warmUp(onnx, { threads })).catch(() => {}); // what is wrong the first network says, too
  process.on("message", (request: Request) => {
    last = last.then(() => reply(onnx, request));
  });
  say({ devices: onnx.listSupportedBackends().map(({ name }) => name) });
}

function useTools(opened: Promise<Tools>): void {
  tools = opened;
  tools.catch(() => {}); // whoever needs one says why it is not there
}

async function reply(onnx: Onnx, request: Request): Promise<void> {
  const { id } = request;
  try {
    const samples = await done(onnx, request);
    say(samples ? { id, samples: shared(samples) } : { id });
    if (request.do === "run") watchParent();
  } catch (error) {
    say({ id, error: (error as Error).message.replace(/\s+/g, " ").trim().slice(0, LONGEST) });
  }
}

async function done(onnx: Onnx, ask: Ask): Promise<Float32Array | undefined> {
  switch (ask.do) {
    case "begin":
      if (ask.threads !== threads) useTools(openTools(onnx, ask.threads));
      threads = ask.threads;
      if (ask.device !== "cpu") await warmUp(onnx, ask);
      return undefined;
    case "open":
      sessions.set(ask.session, await openModel(onnx, modelOf(ask.model), ask));
      return undefined;
    case "run":
      return run(onnx, ask);
    case "read":
      return maps.get(ask.map)!.samples;
    case "forget":
      results?.forget(ask.result);
      return undefined;
    case "free":
      maps.delete(ask.map);
      return undefined;
    case "close":
      await sessions.get(ask.session)?.release();
      sessions.delete(ask.session);
      return undefined;
  }
}

const modelOf = (model: Uint8Array | Written) => (model instanceof Uint8Array ? model : readShared(SHARED.models, model));

/** What is sent of a result: it is written into its file where it is large, and there is room. */
function shared(samples: Float32Array): Float32Array | Written {
  const { buffer, byteOffset, byteLength } = samples;
  return (byteLength > SMALL && results?.write(new Uint8Array(buffer, byteOffset, byteLength))) || samples;
}

async function run(onnx: Onnx, ask: Extract<Ask, { do: "run" }>): Promise<Float32Array | undefined> {
  const session = sessions.get(ask.session)!;
  if (ask.isLong) watchParent();
  const feeds: Record<string, Tensor> = {};
  for (const name of session.inputNames) feeds[name] = await tensorOf(onnx, ask.feeds[name]!);
  const result = (await session.run(feeds))[session.outputNames[0]!]!;
  const [, height, width, channels] = result.dims as [number, number, number, number];
  const found = { height, width, channels, samples: result.data as Float32Array };
  if (!ask.place) return cut(found, ask.crop);
  if (!(await areComputable(found.samples))) throw new Error(OVERFLOW);
  keep(found, ask.crop, ask.place);
  return undefined;
}

async function tensorOf(onnx: Onnx, feed: Feed): Promise<Tensor> {
  const found = "samples" in feed ? given(feed) : windowOf(feed);
  const { passes, clip = false } = feed;
  const { height, width, channels, samples } = passes ? await (await tools).resample(found, passes, clip) : found;
  return new onnx.Tensor("float32", samples, [1, height, width, channels]);
}

function given({ samples, shape: [, height, width, channels] }: Extract<Feed, { readonly samples: Float32Array }>): Samples {
  return { height, width, channels, samples };
}

function windowOf({ map, window: { top, left, height, width } }: Extract<Feed, { readonly map: number }>): Samples {
  const kept = maps.get(map)!;
  return { height, width, channels: kept.channels, samples: cut(kept, { top, left, height, width }) };
}

/** Whether the squares of all samples are finite: a ReLU may make zeros of what is not. What is handed out is looked at there. */
const areComputable = async (samples: Float32Array): Promise<boolean> => (await (await tools).sumOfSquares(samples)) < LARGEST;

/** The samples of a region; of all of a map its own. */
function cut({ height, width, channels, samples }: Samples, region: Region): Float32Array {
  if (region.height === height && region.width === width) return samples;
  const part = new Float32Array(region.height * region.width * channels);
  const row = region.width * channels;
  for (let y = 0; y < region.height; y++) {
    const start = ((region.top + y) * width + region.left) * channels;
    part.set(samples.subarray(start, start + row), y * row);
  }
  return part;
}

/** Puts a region of a result into a map that stays, which is made where it is not there. */
function keep(found: Samples, crop: Region, { map, top, left, of }: Place): void {
  const part = cut(found, crop);
  if (crop.height === of.height && crop.width === of.width) {
    maps.set(map, { ...of, channels: found.channels, samples: part });
    return;
  }
  const { channels } = found;
  const made = maps.get(map) ?? { ...of, channels, samples: new Float32Array(of.height * of.width * channels) };
  maps.set(map, made);
  const row = crop.width * channels;
  for (let y = 0; y < crop.height; y++)
    made.samples.set(part.subarray(y * row, (y + 1) * row), ((top + y) * of.width + left) * channels);
}

void main();

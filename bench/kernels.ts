/**
 * The generator by tfjs's kernels, by ours and by onnxruntime-web's, on one page, in turns: the first run with all that is
 * compiled, later ones until the GPU is done, and from the host's memory to the host's memory.
 */
import * as tf from "@tensorflow/tfjs-core";
import { assetsAt } from "../src/browser/assets";
import { costOf, reachOf } from "../src/kernels/cost";
import { type Map64, reference } from "../src/kernels/reference";
import * as webgl from "../src/kernels/webgl/kernels";
import * as webgpu from "../src/kernels/webgpu/kernels";
import { generator } from "../src/sftgan/generator";
import { type Model, SCALE } from "../src/types";
import { startWebGL } from "../src/webgl/backend";
import { startWebGPU } from "../src/webgpu/backend";
import { loadModel } from "../src/weights/model";
import { byOnnxruntime, type Candidate, candidatesOf, type Sample, type Samples } from "./candidates";
import { type Counts, countsOf, gpuCountsOf } from "./counts";

export interface Settings {
  /** The weights' name, and sides of the low-resolution pictures. */
  readonly model: string;
  readonly sides: readonly number[];
  readonly warmUps: number;
  readonly repeats: number;
  /** Names of what to compare; absent: all. */
  readonly only?: readonly string[];
  /** Where the files of onnxruntime-web are; absent: it is left out. */
  readonly onnxruntime?: string;
  /** Seconds for each side after which no further repeat begins, once there are three. */
  readonly seconds?: number;
  /** Where the folder of weights is served, ending in a slash; absent: where the bundler has them. */
  readonly assetBase?: string;
}

/** Repeats that are made in any case. */
const LEAST = 3;
/** The side of a picture all of which is computed in numbers of 64 bits. */
const EXACT = 12;
/** Of a larger picture only so many pixels in its middle are, where what they depend on takes no more multiply-adds than this. */
const MIDDLE = 2;
const MOST_EXACT = 2e9;

export async function bench(settings: Settings, say: (line: string) => void) {
  const { model: file, sides, only, onnxruntime, assetBase } = settings;
  const { gl } = await startWebGL();
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  say(`WebGL: ${info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : gl.getParameter(gl.RENDERER)}`);
  const gpu = await startWebGPU().catch((error: Error) => void say(`WebGPU: ${error.message}`));
  if (gpu)
    say(`WebGPU: ${[gpu.device.adapterInfo.vendor, gpu.device.adapterInfo.architecture].filter(Boolean).join(" ") || "no name"}`);
  const load = async () => loadModel(await assetsAt(assetBase).read(`weights:${file}.safetensors`), file);
  const model = await load();
  const network = generator(model);
  const all = [
    ...candidatesOf({ webgl: model, ...(gpu && { webgpu: await load() }) }, network),
    ...(onnxruntime ? (["webgpu", "wasm"] as const).map((provider) => byOnnxruntime(onnxruntime, model, network, provider)) : []),
  ];
  const candidates = all.filter(({ name }) => !only || only.includes(name));
  count(model, file, say);
  const errors = await errorsOf(model, candidates, say);
  for (const side of sides) await compare(model, candidates, errors, side, settings, say);
}

/** What does not depend on the machine. */
function count(model: Model, file: string, say: (line: string) => void): void {
  const network = generator(model);
  say(`\n${file}: ${(costOf(model, network).multiplyAdds / 1e6).toFixed(3)} million multiply-adds a pixel of the picture`);
  say(
    `${"counted from the code".padEnd(24)}${"fetches/px".padStart(12)}${"draws".padStart(8)}${"traffic KB/px".padStart(15)}${"maps KB/px".padStart(12)}`,
  );
  const counts: [string, Counts | undefined][] = [
    ...Object.entries(webgl.BLOCKINGS).map(([name, blocking]) => [name, countsOf(model, network, blocking)] as [string, Counts]),
    ...Object.entries(webgpu.BLOCKINGS).map(
      ([name, blocking]) => [name, gpuCountsOf(model, network, blocking)] as [string, Counts],
    ),
  ];
  for (const [name, found] of counts) {
    if (!found) continue;
    const { fetches, draws, traffic, memory } = found;
    const cells = [fetches.toFixed(0).padStart(12), String(draws).padStart(8), (traffic / 1024).toFixed(0).padStart(15)];
    say(`${name.padEnd(24)}${cells.join("")}${(memory / 1024).toFixed(1).padStart(12)}`);
  }
}

/** How far each is from numbers of 64 bits at most, on a small picture. */
async function errorsOf(
  model: Model,
  candidates: readonly Candidate[],
  say: (line: string) => void,
): Promise<Map<string, number>> {
  const given = samplesOf(model, EXACT);
  const expected = reference(model.weights, generator(model), Object.fromEntries(mapsOf(given))).data;
  const errors = new Map<string, number>();
  for (const candidate of candidates) {
    try {
      const found = await candidate.picture(given);
      errors.set(
        candidate.name,
        found.reduce((far, value, i) => Math.max(far, Math.abs(value - expected[i]!)), 0),
      );
    } catch (error) {
      say(`${candidate.name} does not run here: ${(error as Error).message}`);
    }
  }
  return errors;
}

const mapsOf = (given: Samples): [string, Map64][] =>
  Object.entries(given).map(
    ([
      name,
      {
        data,
        shape: [, height, width, channels],
      },
    ]) => [name, { height, width, channels, data: Float64Array.from(data) }],
  );

/** Part of a map, `top` = `left`, both sides alike. */
function cut({ width, channels, data }: Map64, top: number, side: number): Map64 {
  const rows = Array.from({ length: side }, (_, y) => {
    const first = ((top + y) * width + top) * channels;
    return [...data.subarray(first, first + side * channels)];
  });
  return { height: side, width: side, channels, data: Float64Array.from(rows.flat()) };
}

/** What gives the error of a picture of this side in its middle; undefined where that would take minutes. */
function middleOf(model: Model, given: Samples, side: number): ((picture: Float32Array) => number) | undefined {
  const network = generator(model);
  const reach = Math.max(...Object.values(reachOf(model, network)));
  const seen = MIDDLE + 2 * reach;
  if (seen > side || seen ** 2 * costOf(model, network).multiplyAdds > MOST_EXACT) return undefined;
  const top = (side - seen) >> 1;
  const parts = mapsOf(given).map(([name, map]) => {
    const { scale } = network.inputs[name]!;
    return [name, cut(map, scale * top, scale * seen)] as const;
  });
  const middle = (whole: Map64, at: number) => cut(whole, SCALE * at, SCALE * MIDDLE).data;
  const expected = middle(reference(model.weights, network, Object.fromEntries(parts)), reach);
  return (picture) => {
    const whole = { height: SCALE * side, width: SCALE * side, channels: 3, data: Float64Array.from(picture) };
    const found = middle(whole, top + reach);
    return found.reduce((far, value, i) => Math.max(far, Math.abs(value - expected[i]!)), 0);
  };
}

async function compare(
  model: Model,
  all: readonly Candidate[],
  errors: ReadonlyMap<string, number>,
  side: number,
  { warmUps, repeats, seconds = Number.POSITIVE_INFINITY }: Pick<Settings, "warmUps" | "repeats" | "seconds">,
  say: (line: string) => void,
): Promise<void> {
  const given = samplesOf(model, side);
  const candidates = all.filter(({ name }) => errors.has(name));
  const error = middleOf(model, given, side);
  const first: number[] = [];
  const far = candidates.map(({ name }) => errors.get(name)!);
  for (const [j, candidate] of candidates.entries()) {
    const start = performance.now();
    const picture = await candidate.picture(given);
    first.push(performance.now() - start);
    if (error) far[j] = error(picture);
  }
  const steady = candidates.map((): number[] => []);
  const whole = candidates.map((): number[] => []);
  const end = performance.now() + 1000 * seconds;
  for (let i = -warmUps; i < repeats && (steady[0]!.length < LEAST || performance.now() < end); i++)
    for (const [j, candidate] of candidates.entries()) {
      const times = [await timed(() => candidate.pixel(given)), await timed(() => candidate.picture(given))];
      if (i < 0) continue;
      steady[j]!.push(times[0]!);
      whole[j]!.push(times[1]!);
    }
  say(error ? "\nErrors are of this picture's middle" : `\nErrors are of a picture of ${EXACT}²`);
  say(
    `${side}² → ${4 * side}², ms, ${steady[0]!.length} repeats${"".padEnd(2)}${"first".padStart(9)}${"a pixel: median".padStart(18)}${"p90".padStart(8)}${"ratio".padStart(8)}${"picture: median".padStart(18)}${"p90".padStart(8)}${"error".padStart(10)}`,
  );
  for (const [j, { name }] of candidates.entries()) {
    const ratios = steady[j]!.map((ms, i) => ms / steady[0]![i]!);
    const cells = [
      first[j]!.toFixed(0).padStart(9),
      at(steady[j]!, 0.5).toFixed(1).padStart(18),
      at(steady[j]!, 0.9).toFixed(1).padStart(8),
      at(ratios, 0.5).toFixed(2).padStart(8),
      at(whole[j]!, 0.5).toFixed(1).padStart(18),
      at(whole[j]!, 0.9).toFixed(1).padStart(8),
      far[j]!.toExponential(0).padStart(10),
    ];
    say(`${name.padEnd(24)}${cells.join("")}`);
  }
}

/** A picture of noise, and a prior of noise where the model takes one. */
function samplesOf(model: Model, side: number): Samples {
  const image = noise([1, side, side, 3], 1);
  if (model.condition === 0) return { image };
  const prior = noise([1, 4 * side, 4 * side, model.classes], 2);
  for (let i = 0; i < prior.data.length; i += model.classes) {
    const place = prior.data.subarray(i, i + model.classes);
    const sum = place.reduce((a, b) => a + b);
    for (const [c, value] of place.entries()) place[c] = value / sum;
  }
  return { image, prior };
}

function noise(shape: Sample["shape"], seed: number): Sample {
  const x = tf.randomUniform(shape, 0, 1, "float32", seed);
  const data = x.dataSync<"float32">().slice();
  x.dispose();
  return { data, shape };
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

function at(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
}

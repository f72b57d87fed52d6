/**
 * The generator by tfjs's kernels and by ours, on one page and one context, in turns: the first run with all that is compiled,
 * later ones until a pixel is there, and until the picture is in memory.
 */
import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";
import { assetsAt } from "../src/browser/assets";
import { costOf } from "../src/kernels/cost";
import { runByTfjs } from "../src/kernels/tfjs/run";
import { BLOCKINGS, type BlockingName, runBlocked } from "../src/kernels/webgl/kernels";
import { generator } from "../src/sftgan/generator";
import type { Model } from "../src/types";
import { startWebGL } from "../src/webgl/backend";
import { loadModel } from "../src/weights/model";
import { countsOf } from "./counts";

export interface Settings {
  /** The weights' name, and sides of the low-resolution pictures. */
  readonly model: string;
  readonly sides: readonly number[];
  readonly warmUps: number;
  readonly repeats: number;
  /** Names of what to compare; absent: all. */
  readonly only?: readonly string[];
}

interface Candidate {
  readonly name: string;
  run(image: tf.Tensor4D, prior: tf.Tensor4D): tf.Tensor4D;
}

export async function bench({ model: file, sides, warmUps, repeats, only }: Settings, say: (line: string) => void) {
  const { gl } = await startWebGL();
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  say(`${info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : gl.getParameter(gl.RENDERER)}`);
  const model = await loadModel(await assetsAt().read(`weights:${file}.safetensors`), file);
  const candidates = candidatesOf(model).filter(({ name }) => !only || only.includes(name));
  say(
    `\n${file}: ${(costOf(model, generator(model)).multiplyAdds / 1e6).toFixed(3)} million multiply-adds a pixel of the picture`,
  );
  say(
    `${"counted from the code".padEnd(24)}${"fetches/px".padStart(12)}${"draws".padStart(8)}${"traffic KB/px".padStart(15)}${"maps KB/px".padStart(12)}`,
  );
  for (const [name, blocking] of Object.entries(BLOCKINGS)) {
    const counts = countsOf(model, generator(model), blocking);
    if (!counts) continue;
    const { fetches, draws, traffic, memory } = counts;
    const cells = [fetches.toFixed(0).padStart(12), String(draws).padStart(8), (traffic / 1024).toFixed(0).padStart(15)];
    say(`${name.padEnd(24)}${cells.join("")}${(memory / 1024).toFixed(1).padStart(12)}`);
  }
  for (const side of sides) await compare(model, candidates, side, { warmUps, repeats }, say);
}

/** Stock kernels by either of tfjs's two ways to convolve, and each of our blockings. */
function candidatesOf(model: Model): Candidate[] {
  const network = generator(model);
  const given = (image: tf.Tensor4D, prior: tf.Tensor4D): Record<string, tf.Tensor4D> =>
    model.condition > 0 ? { image, prior } : { image };
  const stock = (name: string, direct: boolean): Candidate => ({
    name,
    run(image, prior) {
      tf.env().set("WEBGL_EXP_CONV", direct);
      return runByTfjs(model, network, given(image, prior));
    },
  });
  const ours = (Object.keys(BLOCKINGS) as BlockingName[]).map(
    (name): Candidate => ({ name, run: (image, prior) => runBlocked(BLOCKINGS[name], model, network, given(image, prior))! }),
  );
  return [stock("tfjs EXP_CONV", true), stock("tfjs default", false), ...ours];
}

async function compare(
  model: Model,
  candidates: readonly Candidate[],
  side: number,
  { warmUps, repeats }: Pick<Settings, "warmUps" | "repeats">,
  say: (line: string) => void,
): Promise<void> {
  const image = tf.randomUniform<tf.Rank.R4>([1, side, side, 3], 0, 1, "float32", 1);
  const prior = tf.softmax(tf.randomNormal<tf.Rank.R4>([1, 4 * side, 4 * side, model.classes || 8], 0, 1, "float32", 2));
  const first: number[] = [];
  const errors: number[] = [];
  let expected: Float32Array | undefined;
  for (const candidate of candidates) {
    first.push(await timed(() => picture(candidate, image, prior)));
    const found = await picture(candidate, image, prior);
    expected ??= found;
    errors.push(found.reduce((far, value, i) => Math.max(far, Math.abs(value - expected![i]!)), 0));
  }
  const steady = candidates.map((): number[] => []);
  const whole = candidates.map((): number[] => []);
  for (let i = -warmUps; i < repeats; i++)
    for (const [j, candidate] of candidates.entries()) {
      const times = [await timed(() => pixel(candidate, image, prior)), await timed(() => picture(candidate, image, prior))];
      if (i < 0) continue;
      steady[j]!.push(times[0]!);
      whole[j]!.push(times[1]!);
    }
  tf.dispose([image, prior]);
  say(
    `\n${side}² → ${4 * side}², milliseconds${"".padEnd(2)}${"first".padStart(9)}${"a pixel: median".padStart(18)}${"p90".padStart(8)}${"ratio".padStart(8)}${"picture: median".padStart(18)}${"p90".padStart(8)}${"error".padStart(10)}`,
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
      errors[j]!.toExponential(0).padStart(10),
    ];
    say(`${name.padEnd(24)}${cells.join("")}`);
  }
}

async function picture({ run }: Candidate, image: tf.Tensor4D, prior: tf.Tensor4D): Promise<Float32Array> {
  const result = run(image, prior);
  const values = await result.data<"float32">();
  result.dispose();
  return values;
}

/** Until the GPU is done, with next to nothing read back. */
async function pixel({ run }: Candidate, image: tf.Tensor4D, prior: tf.Tensor4D): Promise<void> {
  const result = run(image, prior);
  await (tf.backend() as MathBackendWebGL).gpgpu.createAndWaitForFence();
  result.dispose();
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

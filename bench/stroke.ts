/** (f) A stroke of 32 × 32 pixels somewhere on the prior, against a full run. Pictures are computed to the last pixel. */
import * as tf from "@tensorflow/tfjs-core";
import type { Graph } from "../src/graph/parse";
import { addStroke } from "../src/prior/strokes";
import { countPrograms, link, milliseconds, node, type Settings, type Setup } from "./setup";

const SIDE = 32;
/** Full runs that are timed: they take long, and differ little. */
const MOST_FULL_RUNS = 1;

export async function benchStroke({ executor, stages, row }: Setup, { backend, stroke: [width, height], repeats }: Settings) {
  /** The outline of a square at the i-th place. */
  const square = (i: number) => {
    const [x, y] = [(i * 97) % (width - SIDE), (i * 53) % (height - SIDE)];
    const points = [x, y, x + SIDE, y, x + SIDE, y + SIDE, x, y + SIDE];
    return { tool: "lasso", label: 1 + (i % 7), size: 1, hardness: 1, strength: 1, points } as const;
  };
  const painted = (count: number): Graph => {
    const strokes = Array.from({ length: count }, (_, i) => square(i + 1)).reduce(addStroke, "");
    const inputs = { prior: link("prior", "prior"), picture: link("picture", "image") };
    return stages(0, [node("Paint Prior", "paint-prior", inputs, { strokes })]);
  };
  const run = executor({ width, height });
  const upsampled = async (strokes: number) => {
    const { outputs, errors } = await run.run(painted(strokes), ["Upsample"]);
    if (errors.size > 0) throw new Error([...errors.values()][0]);
    const corner = tf.slice((outputs.get("Upsample")!.image as { rgb: tf.Tensor4D }).rgb, [0, 0, 0, 0], [1, 1, 1, 1]);
    await corner.data();
    corner.dispose();
  };
  const full: number[] = [];
  for (let i = 0; i <= Math.min(repeats, MOST_FULL_RUNS); i++) {
    await run.clear();
    await run.run(painted(0), ["prior"]); // sources are not part of what is timed
    const ms = await milliseconds(() => upsampled(0));
    if (i > 0) full.push(ms); // the first compiles shaders
  }
  const [strokes, programs]: number[][] = [[], []];
  for (let i = 0; i <= repeats; i++) {
    const linked = countPrograms();
    const ms = await milliseconds(() => upsampled(i + 1));
    linked.stop();
    if (i > 0) strokes!.push(ms);
    programs!.push(linked.count);
  }
  const median = [...full].sort((a, b) => a - b)[full.length >> 1]!;
  row(`(f) full run, ${width} × ${height}`, full, "ms");
  row(`(f) a stroke of ${SIDE} × ${SIDE}`, strokes!, "ms");
  row(
    "(f) stroke ÷ full run",
    strokes!.map((ms) => ms / median),
    "×",
    3,
  );
  if (backend === "webgl") {
    row("(f) shaders compiled by the first stroke", programs!.slice(0, 1), "");
    row("(f) shaders compiled by each later one", programs!.slice(1), "");
  }
  await run.clear();
}

/** Strokes under WebGL, where a shader is compiled for every size of what it works on. */
import type * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { Executor } from "../../src/graph/executor";
import type { AnyNode } from "../../src/graph/node";
import { parseGraph } from "../../src/graph/parse";
import { addStroke, type Stroke } from "../../src/prior/strokes";
import type { Image } from "../../src/types";
import { graphOf } from "../graph-builder";
import { expectClose, noise, random, testHost, tinyModel } from "../support";

const SIZE = { height: 160, width: 176 };
const UPSAMPLE = "6";

const picture: AnyNode = {
  ...definitions.find((def) => def.type === "sftgan/load-lr")!,
  params: {},
  run: () => ({ image: { rgb: noise([1, SIZE.height, SIZE.width, 3], 3) } }),
};
const all = [picture, ...definitions.filter(({ type }) => type !== picture.type)];
const painted = (strokes: readonly Stroke[]) =>
  parseGraph(
    graphOf([
      ["load-lr"],
      ["constant-prior", { class: "sky" }, { picture: [1, "image"] }],
      ["paint-prior", { strokes: strokes.reduce(addStroke, "") }, { prior: [2, "prior"], picture: [1, "image"] }],
      ["condition-net", {}, { prior: [3, "prior"] }],
      ["sft-resblocks", { blocks: 8 }, { image: [1, "image"], condition: [4, "condition"] }],
      ["upsample", {}, { features: [5, "features"], condition: [4, "condition"] }],
    ]),
    all,
  );

/** Strokes of different places, sizes and proportions, none longer than 64 pixels with its brush, as most are. */
const next = random(7);
const strokes = Array.from({ length: 6 }, (_, i): Stroke => {
  const size = 8 + 20 * next();
  const [x, y] = [next() * (SIZE.width - 40), next() * (SIZE.height - 40)];
  const points = [x, y, x + 34 * next(), y + 34 * next()];
  return { tool: "brush", label: i % 8, size, hardness: 0.7, strength: 1, points };
});

/** Counts programs as they are linked. */
const { linkProgram } = WebGL2RenderingContext.prototype;
let linked = 0;

describe("Strokes of many sizes", () => {
  const model = tinyModel("sft-net", { blocks: 8, features: 4 });
  const engine = () =>
    new Executor({ definitions: all, host: testHost({ shipped: async () => model }), cacheBytes: 2 ** 29, budget: 2 ** 28 });
  beforeAll(() => {
    model.weights.kept = true;
    WebGL2RenderingContext.prototype.linkProgram = function (program) {
      linked++;
      linkProgram.call(this, program);
    };
  });
  afterAll(() => Object.assign(WebGL2RenderingContext.prototype, { linkProgram }));

  it("compile shaders for few of them, and give what a run of all gives", async () => {
    const executor = engine();
    await executor.run(painted([]), [UPSAMPLE]);
    const counts: number[] = [];
    let rgb: tf.Tensor4D | undefined;
    for (let i = 1; i <= strokes.length; i++) {
      linked = 0;
      const { outputs } = await executor.run(painted(strokes.slice(0, i)), [UPSAMPLE]);
      rgb = (outputs.get(UPSAMPLE)!.image as Image).rgb as tf.Tensor4D;
      counts.push(linked);
    }
    // 64 × 64 pixels of the condition, and all that is wider by what is the same everywhere
    expect(counts.filter((count) => count > 30).length, `shaders compiled by each: ${counts}`).toBeLessThanOrEqual(2);
    const fresh = engine();
    const expected = (await fresh.run(painted(strokes), [UPSAMPLE])).outputs.get(UPSAMPLE)!.image as Image;
    await expectClose(rgb!, expected.rgb as tf.Tensor4D);
    await executor.clear();
    await fresh.clear();
  }, 300_000);
});

/** A part of a result that is looked at before all of it is computed: the same pixels, and nothing left of it. */
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { definitions } from "../../nodes";
import { Executor } from "../../src/graph/executor";
import type { AnyNode } from "../../src/graph/node";
import type { Graph } from "../../src/graph/parse";
import type { RunEvent } from "../../src/graph/running";
import { read } from "../../src/image/raster";
import { addStroke } from "../../src/prior/strokes";
import type { Image, Model, Region } from "../../src/types";
import { parsedGraph, parsedNode } from "../graph-builder";
import { expectClose, noise, tensorCount, testHost, tinyModel } from "../support";

vi.setConfig({ testTimeout: 240_000 }); // shaders, on software WebGL

const SIZE = { height: 30, width: 44 };
const REGION: Region = { top: 20, left: 33, height: 16, width: 24 };
const CORNER: Region = { top: 104, left: 160, height: 16, width: 16 };
const STROKE = { tool: "brush", label: 3, size: 6, hardness: 0.5, strength: 1, points: [10, 7, 14, 9] } as const;

const source: AnyNode = {
  ...definitions.find((def) => def.type === "sftgan/load-lr")!,
  type: "picture",
  params: {},
  run: () => ({ image: { rgb: noise([1, SIZE.height, SIZE.width, 3], 3), alpha: noise([1, SIZE.height, SIZE.width, 1], 4) } }),
};

/** A painted prior into a chain of two nodes of blocks, enlarged, previewed, and compared with the plain picture. */
const paintedGraph = (strokes: string): Graph =>
  parsedGraph(
    parsedNode("picture", "picture"),
    parsedNode("prior", "sftgan/constant-prior", { picture: "picture.image" }, { class: "sky" }),
    parsedNode("paint", "sftgan/paint-prior", { prior: "prior.prior", picture: "picture.image" }, { strokes }),
    parsedNode("condition", "sftgan/condition-net", { prior: "paint.prior" }),
    ...["a", "b"].map((id, i) =>
      parsedNode(
        id,
        "sftgan/sft-resblocks",
        { ...(i ? { features: "a.features" } : { image: "picture.image" }), condition: "condition.condition" } as never,
        { blocks: i ? 1 : 5, modulation: true },
      ),
    ),
    parsedNode("large", "sftgan/upsample", { features: "b.features", condition: "condition.condition" }, { modulation: true }),
    parsedNode("preview", "sftgan/preview", { image: "large.image" }),
    parsedNode("bicubic", "sftgan/bicubic-upscale", { image: "picture.image" }),
    parsedNode("difference", "sftgan/difference", { a: "large.image", b: "bicubic.image" }, {}),
  );
const painted = addStroke("", STROKE);

describe.each(["sft-net", "sft-net-torch"] as const)("A part in focus of a run under %s", (architecture) => {
  let model: Model;
  let executor: Executor;
  let before: number;
  beforeEach(() => {
    model = tinyModel(architecture, { blocks: 6, features: 2, condition: 2 });
    model.weights.kept = true;
    before = tensorCount();
    executor = new Executor({
      definitions: [...definitions, source],
      host: testHost({ shipped: async () => model }),
      cacheBytes: 2 ** 27,
      budget: 2 ** 27,
    });
  });
  afterEach(async () => {
    await executor.clear();
    expect(tensorCount(), "tensors left behind").toBe(before);
    model.weights.dispose();
  });

  it.each([
    ["the network's end", "large"],
    ["a node that passes it on", "preview"],
  ])("is seen before the rest and equals it, at %s", async (_, id) => {
    await executor.run(paintedGraph(""), ["preview"]);
    const events: string[] = [];
    const seen: tf.Tensor4D[] = [];
    const { outputs } = await executor.run(paintedGraph(painted), ["preview"], {
      focus: {
        node: id,
        async look({ image }) {
          events.push("seen");
          const { rgb, alpha } = image as Image;
          for (const region of [REGION, CORNER]) seen.push(read(rgb, region), read(alpha!, region));
        },
      },
      onEvent: (event: RunEvent) => event.kind === "finished" && events.push(event.node),
    });
    expect(events).toEqual(["paint", "condition", "seen", "a", "b", "large", "preview"]);
    const { rgb, alpha } = outputs.get("preview")!.image as Image;
    const expected = [REGION, CORNER].flatMap((region) => [read(rgb, region), read(alpha!, region)]);
    for (const [i, part] of expected.entries()) await expectClose(seen[i]!, part);
    tf.dispose(expected);
    tf.dispose(seen);
  });

  it("is seen in the first run too, before any features are there", async () => {
    let seen = 0;
    const look = async () => void seen++;
    await executor.run(paintedGraph(painted), ["large"], { focus: { node: "large", look } });
    expect(seen).toBe(1);
  });

  it("is the run's own result where that is there already, and nothing where it cannot be had in part", async () => {
    await executor.run(paintedGraph(painted), ["difference"]);
    let seen = 0;
    const look = async () => void seen++;
    await executor.run(paintedGraph(painted), ["large"], { focus: { node: "large", look } });
    await executor.run(paintedGraph(""), ["difference"], { focus: { node: "difference", look } });
    await executor.run(paintedGraph(painted), ["large"], { focus: { node: "nowhere", look } });
    expect(seen).toBe(0);
  });

  it("is not followed by the rest where the run is stopped meanwhile, and what it needed is kept", async () => {
    await executor.run(paintedGraph(""), ["large"]);
    const stop = new AbortController();
    const look = async () => stop.abort("enough");
    await expect(
      executor.run(paintedGraph(painted), ["large"], { signal: stop.signal, focus: { node: "large", look } }),
    ).rejects.toBe("enough");
    const events: string[] = [];
    await executor.run(paintedGraph(painted), ["large"], {
      onEvent: (event) => (event.kind === "finished" || event.kind === "cached") && events.push(`${event.kind} ${event.node}`),
    });
    expect(events.slice(-4)).toEqual(["cached condition", "finished a", "finished b", "finished large"]);
  });

  it("keeps no run from its end where looking fails", async () => {
    const look = async () => {
      throw new Error("nothing to draw on");
    };
    const { outputs, errors } = await executor.run(paintedGraph(painted), ["large"], { focus: { node: "large", look } });
    expect([...errors]).toEqual([]);
    expect(outputs.has("large")).toBe(true);
  });
});

import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { definitions as ours } from "../../nodes";
import { defineNode, image, number } from "../../nodes/sockets";
import type { EngineEvent } from "../../src/browser/protocol";
import { graphOf } from "../graph-builder";
import { coreOf, type HeardCore, record, tinyAssets } from "./engine";

/** How often the memory is exhausted before it is not. */
let failures = 0;
const greedy = defineNode({
  type: "sftgan/greedy",
  title: "Greedy",
  description: "",
  sink: "always",
  inputs: { image: image("") },
  params: {},
  outputs: { mean: number("") },
  async run({ image }) {
    if (failures-- > 0) {
      tf.zeros([3]);
      throw new WebAssembly.RuntimeError("memory access out of bounds");
    }
    const mean = tf.mean(image.rgb as tf.Tensor4D);
    const [value] = await mean.data();
    mean.dispose();
    return { mean: value! };
  },
});
const definitions = [...ours, greedy];
const GRAPH = graphOf([["load-lr"], ["greedy", {}, { image: [1, "image"] }]], definitions);
const MESSAGE = "it ran out of memory (memory access out of bounds): give a smaller picture, or close other programs";

const notices = (events: EngineEvent[]) => events.filter((event) => event.kind === "notice");

describe("a backend that fails", () => {
  let asset: (name: string) => Promise<Uint8Array>;
  let core: HeardCore;

  beforeAll(async () => {
    asset = await tinyAssets();
  });
  afterEach(async () => {
    await core.close();
  });

  it.each(["wasm", "webgl"] as const)("is replaced once, and the run repeated, on %s", async (backend) => {
    core = coreOf({ asset, definitions, backend });
    const events = record(core);
    failures = 0;
    const calm = await core.run(GRAPH);
    const before = tf.backend();
    failures = 1;
    const { errors, values } = await core.run(
      graphOf(
        [
          ["load-lr", { file: { name: "sample:alps.jpg" } }],
          ["greedy", {}, { image: [1, "image"] }],
        ],
        definitions,
      ),
    );
    expect(errors).toEqual({});
    expect(values["2"]!.mean).not.toBe(calm.values["2"]!.mean);
    expect(tf.backend()).not.toBe(before);
    expect(notices(events)).toHaveLength(1);
  });

  it("says so where it fails again, and the next run has a new one", async () => {
    core = coreOf({ asset, definitions, backend: "wasm" });
    failures = 2;
    expect((await core.run(GRAPH)).errors).toEqual({ 2: MESSAGE });
    expect((await core.run(GRAPH)).errors).toEqual({});
  });
});

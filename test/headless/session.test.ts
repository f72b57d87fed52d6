import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { computeOf } from "../../src/headless/compute";
import { workOf } from "../../src/headless/graph-file";
import { Session } from "../../src/headless/session";
import type { Image } from "../../src/types";
import { graphOf } from "../graph-builder";
import { expectMessage } from "../message";

const picture = { name: "sample:scene.png" };
const work = workOf(
  graphOf([
    ["load-lr", { file: picture }],
    ["bicubic-upscale", {}, { image: [1, "image"] }],
  ]),
  {},
);

/** Takes what is left of the four gigabytes that WebAssembly can address. None of it is written to. */
function exhaust(): void {
  const { wasm } = tf.backend() as unknown as { wasm: { _malloc(bytes: number): number } };
  for (let bytes = 2 ** 30; bytes >= 2 ** 12; )
    try {
      if (wasm._malloc(bytes) === 0) bytes /= 2;
    } catch {
      bytes /= 2;
    }
}

describe("Session", () => {
  it("repeats a run on a new backend where memory ran out, once, and then says so; the next run has another one", async () => {
    const session = await Session.start(computeOf({ device: "wasm" }));
    expect((await session.run(work, ["1"], {})).errors.size).toBe(0);
    const before = tf.backend();
    const onEvent = ({ kind, node }: { kind: string; node?: string }) => void (kind === "started" && node === "2" && exhaust());
    const { outputs, errors } = await session.run(work, ["2"], { onEvent: onEvent as never });
    expect(outputs.size).toBe(0);
    const message = errors.get("2")!;
    expectMessage(message);
    expect(message).toMatch(/^it ran out of memory \(.+\): give a smaller picture, or close other programs$/);

    const next = await session.run(work, ["2"], {});
    expect([...next.errors]).toEqual([]);
    expect(tf.backend()).not.toBe(before);
    const { rgb } = next.outputs.get("2")!.image as Image;
    const values = await (rgb as tf.Tensor).data();
    expect(values.every(Number.isFinite)).toBe(true);
    await session.close();
    expect(tf.memory().numTensors).toBe(0);
  });
});

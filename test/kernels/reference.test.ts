import { describe, expect, it } from "vitest";
import { type Map64, reference } from "../../src/kernels/reference";
import { generator } from "../../src/sftgan/generator";
import { noise, tinyModel } from "../support";
import { CASES, farthest, GENERAL_CASES, onCpu, SIZES, small } from "./cases";

const CASES_HERE: readonly [string, ReturnType<typeof small>][] = [
  ...CASES,
  ...GENERAL_CASES,
  [
    "put maps side by side, and add them",
    small(
      { x: { channels: 3, scale: 1 } },
      [
        { op: "activate", name: "a", x: "x", activation: { leaky: 0.2 } },
        { op: "concat", name: "c", x: "a", others: ["x"] },
        { op: "conv", name: "grouped", x: "c" },
        { op: "add", name: "s", x: "grouped", other: "c", activation: "relu" },
      ],
      { grouped: [6, 2, 3, 3] },
    ),
  ],
];

describe("Numbers of 64 bits", () => {
  it.each(CASES_HERE)("%s as tfjs does", async (_, { model, network }) => {
    for (const [height, width] of SIZES) await check(model, network, height, width);
  });

  it("are a whole generator's as tfjs's are", async () => {
    const model = tinyModel("sft-net-torch", { blocks: 1 });
    await check(model, generator(model), 3, 4);
  });
});

async function check(
  model: ReturnType<typeof small>["model"],
  network: ReturnType<typeof small>["network"],
  h: number,
  w: number,
) {
  const given = Object.fromEntries(
    Object.entries(network.inputs).map(([name, { channels, scale }], seed) => [
      name,
      noise([1, scale * h, scale * w, channels], seed),
    ]),
  );
  const { shape, data } = await onCpu(model, network, given);
  const maps: Record<string, Map64> = {};
  for (const [name, x] of Object.entries(given)) {
    const [, height, width, channels] = x.shape;
    maps[name] = { height, width, channels, data: Float64Array.from(await x.data()) };
    x.dispose();
  }
  const found = reference(model.weights, network, maps);
  expect([1, found.height, found.width, found.channels]).toEqual(shape);
  expect(farthest(found.data, data)).toBeLessThan(1e-5);
}

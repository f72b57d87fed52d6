import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import contactSheet from "../../nodes/contact-sheet";
import { Executor } from "../../src/graph/executor";
import { parseGraph } from "../../src/graph/parse";
import { bicubicEnlarge } from "../../src/image/enlarge";
import { toGrey } from "../../src/image/grey";
import { HostRaster, read, sizeOf } from "../../src/image/raster";
import { readScaled } from "../../src/image/scaled";
import { oneHot } from "../../src/prior/classes";
import { CELLS, type Cell, cellRegion, cellSize, cropRegion, sheetSize } from "../../src/prior/contact-sheet";
import { addStroke, type Stroke } from "../../src/prior/strokes";
import { scaled, whole } from "../../src/region";
import { CLASSES, type Image, type Prior, SCALE } from "../../src/types";
import { graphOf } from "../graph-builder";
import { refusal } from "../message";
import { generator } from "../sftgan/stages";
import { expectClose, imageOf, noise, random, runNode, testContext, testHost, tinyModel } from "../support";
import { drawn, priorOf, tensorOf } from "./values";

const size = { height: 24, width: 28 };
const large = { height: SCALE * size.height, width: SCALE * size.width };
const picture = imageOf(noise([1, size.height, size.width, 3], 3));
const soft = (seed: number, { height, width } = large) =>
  tf.softmax(tf.mul(noise([1, height, width, 8], seed), 4)) as tf.Tensor4D;
const predicted = priorOf(soft(4));
const yours = priorOf(soft(5, { height: 30, width: 20 }), { picture: size });
const crop = { left: 8, top: 3, size: 16 };
const alone = (name: (typeof CLASSES)[number], { height, width } = large) =>
  oneHot(new Uint8Array(height * width).fill(CLASSES.indexOf(name)), { height, width });
const full = (map: tf.Tensor4D) => generator(tinyModel(), picture.rgb as tf.Tensor4D, map);

describe("Contact Sheet", () => {
  it("shows the crop under every prior as a run over the whole picture has it there", async () => {
    const { sheet } = await runNode(contactSheet, { picture, prior: predicted, yours }, crop);
    const cell = { height: SCALE * 16, width: SCALE * 16 };
    expect(sizeOf(sheet.rgb)).toEqual(sheetSize(cell));
    const part = scaled(cropRegion(size, crop), SCALE);
    const shown = (name: Cell) => read(sheet.rgb, cellRegion(CELLS.indexOf(name), cell));
    await expectClose(shown("predicted"), read(full(tensorOf(predicted.map)), part));
    await expectClose(shown("yours"), read(full(readScaled(yours.map, large, whole(large))), part));
    for (const name of ["sky", "animal"] as const) await expectClose(shown(name), read(full(alone(name)), part));
    await expectClose(shown("photo"), read((await bicubicEnlarge(picture, testContext())).rgb, part));
  });

  it("shows a grey picture in grey, as the run over all of it gives it, and keeps colours in a grey crop of a colour one", async () => {
    const tones = tf.tile(noise([1, size.height, size.width, 1], 3), [1, 1, 1, 3]) as tf.Tensor4D;
    const spot = tf.pad(tf.ones([1, 1, 1, 1]), [
      [0, 0],
      [0, size.height - 1],
      [0, size.width - 1],
      [1, 1],
    ]);
    const part = scaled(cropRegion(size, crop), SCALE);
    const cell = { height: SCALE * 16, width: SCALE * 16 };
    for (const grey of [true, false]) {
      const rgb = grey ? tones : (tf.add(tones, tf.mul(spot, 0.1)) as tf.Tensor4D);
      const { sheet } = await runNode(contactSheet, { picture: { rgb }, prior: predicted }, crop);
      const said = read(generator(tinyModel(), rgb, tensorOf(predicted.map)), part);
      const shown = read(sheet.rgb, cellRegion(CELLS.indexOf("predicted"), cell));
      await expectClose(shown, grey ? toGrey(said) : said);
      const none = await read(sheet.rgb, cellRegion(CELLS.indexOf("none"), cell)).data();
      expect(none.every((value, i) => value === none[i - (i % 3)])).toBe(grey);
    }
  });

  it("leaves the place of yours empty where nothing is connected, and fits a picture that is narrower than the crop", async () => {
    const { sheet } = await runNode(contactSheet, { picture, prior: predicted });
    const cell = cellSize(sizeOf(sheet.rgb));
    expect(cell).toEqual(large);
    const empty = read(sheet.rgb, cellRegion(CELLS.indexOf("yours"), cell));
    await expectClose(empty, tf.fill(empty.shape, 0.12), 1e-6);
  });

  it("hands the chosen prior on: an input as it is, or one class everywhere", async () => {
    const inputs = { picture, prior: predicted, yours };
    expect((await runNode(contactSheet, inputs, crop)).prior).toBe(predicted);
    expect((await runNode(contactSheet, inputs, { ...crop, choice: "yours" })).prior).toBe(yours);
    const { prior } = await runNode(contactSheet, inputs, { ...crop, choice: "water" });
    expect(prior).toMatchObject({ kind: "probabilities", picture: size });
    await expectClose(tensorOf(prior.map), alone("water", { height: 1, width: 1 }), 1e-6);
  });

  it("gives a region what was chosen for it, and the rest what is chosen everywhere", async () => {
    const halves = { height: 96, width: 56 };
    const prior = priorOf(tf.concat([alone("sky", halves), alone("grass", halves)], 2) as tf.Tensor4D);
    const { prior: result, regions } = await runNode(contactSheet, { picture, prior }, { ...crop, regions: "1 plant@20,5" });
    await expectClose(tensorOf(result.map), tf.concat([alone("sky", halves), alone("plant", halves)], 2) as tf.Tensor4D, 1e-6);
    expect(regions.rgb).toBeInstanceOf(HostRaster);
    expect([...(await read(regions.rgb, { top: 0, left: 0, height: 1, width: 1 }).data())]).toEqual([0, 1, 1]);
  });

  it("refuses what it cannot compare, and what does not belong together", async () => {
    const run = (inputs: object, params: object = {}) =>
      refusal(() => runNode(contactSheet, { picture, prior: predicted, ...inputs }, { ...crop, ...params }));
    expect(await run({}, { choice: "yours" })).toContain('"yours" is chosen, and nothing is connected');
    expect(await run({}, { regions: "1 yours@1,1" })).toContain('"yours" is chosen');
    expect(await run({}, { regions: "1 none@1,1" })).toContain("region 1 of 1 cannot be read");
    expect(await run({}, { regions: "1 sky@30,1" })).toContain("beside the picture of 28 × 24");
    expect(await run({}, { left: 20 })).toContain("set left to at most 12");
    expect(await run({ prior: priorOf(noise([1, 96, 112, 3])) })).toContain("prior has 3 channels");
    expect(await run({ yours: priorOf(soft(1, { height: 8, width: 8 })) })).toContain("yours is for a picture of 2 × 2");
    expect(await run({ model: tinyModel("srresnet") })).toContain("plain SRResNet");
    expect(await run({ model: tinyModel("sft-net", { classes: 5 }) })).toContain("takes a prior of 5 channels");
    const depth = { ...tinyModel(), name: "depth.safetensors", metadata: { classes: "near,far" } };
    expect(await run({ model: depth })).toBe(
      'channel 1 of the prior of "depth.safetensors" is "near", and the sheet compares classes, where it is "background": use weights of classes',
    );
    const named = { ...tinyModel(), metadata: { classes: CLASSES.join(", ") } };
    await runNode(contactSheet, { picture, prior: predicted, model: named }, crop);
  });
});

describe("A graph with Contact Sheet", () => {
  const next = random(3);
  const photo = drawn(size, () => [256 * next(), 256 * next(), 256 * next()]);
  const host = testHost({ file: async () => new Uint8Array([1]), decode: async () => photo });
  const sky: Stroke = { tool: "brush", label: 1, size: 2, hardness: 0.7, strength: 1, points: [9, 9, 12, 11] };
  const graph = (params: object, strokes = "") =>
    parseGraph(
      graphOf([
        ["load-lr", { file: { name: "a.png" } }],
        ["segment", {}, { image: [1, "image"] }],
        ["paint-prior", { strokes }, { prior: [2, "prior"] }],
        ["contact-sheet", { ...crop, ...params }, { picture: [1, "image"], prior: [2, "prior"], yours: [3, "prior"] }],
        ["condition-net", {}, { prior: [4, "prior"] }],
        ["sft-resblocks", { blocks: 2 }, { image: [1, "image"], condition: [5, "condition"] }],
        ["upsample", {}, { features: [6, "features"], condition: [5, "condition"] }],
      ]),
      definitions,
    );
  const engine = () => new Executor({ definitions, host, cacheBytes: 2 ** 28, budget: 2 ** 27 });
  type Engine = ReturnType<typeof engine>;

  /** Runs, and gives picture, sheet and prior, the cells that were computed, and the nodes that were updated. */
  async function run(of: Engine, params: object = {}, strokes = "") {
    const cells: string[] = [];
    const updated: string[] = [];
    const { outputs, errors } = await of.run(graph(params, strokes), ["4", "7"], {
      onEvent(event) {
        if (event.kind === "memo" && event.node === "4") cells.push(event.memo);
        if (event.kind === "finished" && event.updated) updated.push(event.node);
      },
    });
    expect([...errors]).toEqual([]);
    const { sheet, prior } = outputs.get("4")! as { sheet: Image; prior: Prior };
    const keep = (map: Prior["map"]) => tf.keep(tf.clone(map as tf.Tensor4D));
    const result = { picture: keep((outputs.get("7")!.image as Image).rgb), sheet: keep(sheet.rgb), prior: keep(prior.map) };
    return { ...result, cells, updated };
  }
  const same = async (of: Engine, params: object, strokes = "") => {
    const [live, fresh] = [await run(of, params, strokes), await run(engine(), params, strokes)];
    await expectClose(live.picture, fresh.picture);
    await expectClose(live.sheet, fresh.sheet);
    await expectClose(live.prior, fresh.prior, 1e-5);
    return live;
  };

  it("computes no cell again when another prior is chosen, everywhere or in a region", async () => {
    const live = engine();
    expect((await run(live)).cells.sort()).toEqual([...CELLS, "grey", "head", "regions"].sort());
    expect((await run(live, { choice: "sky" })).cells).toEqual([]);
    expect((await same(live, { choice: "sky", regions: "1 grass@9.5,9.5" })).cells).toEqual([]);
    expect((await run(live)).cells).toEqual([]);
    await live.clear();
  });

  it("computes one cell when yours is painted on, and no result that does not hang on it", async () => {
    const live = engine();
    await run(live);
    const painted = await same(live, {}, addStroke("", sky));
    expect(painted.cells).toEqual(["yours"]);
    expect(painted.updated.sort()).toEqual(["3", "4", "5", "6", "7"]);
    await live.clear();
  });

  it("computes every cell but no result when the crop is moved", async () => {
    const live = engine();
    await run(live);
    const moved = await same(live, { left: 0, top: 8 });
    expect(moved.cells.sort()).toEqual([...CELLS, "head"].sort());
    expect(moved.updated.sort()).toEqual(["4", "5", "6", "7"]);
    expect((await run(live)).cells).toEqual([]);
    await live.clear();
  });

  it("follows strokes and regions one after another as from the graph at once", async () => {
    const live = engine();
    const strokes = addStroke("", sky);
    await run(live, { choice: "yours" });
    expect((await same(live, { choice: "yours" }, strokes)).updated).toContain("4");
    await run(live, { choice: "grass", regions: "1 yours@3,3" }, strokes);
    expect((await same(live, { choice: "grass", regions: "1 yours@3,3 water@12,12" }, strokes)).updated).toContain("4");
    expect((await same(live, { choice: "grass", regions: "1 yours@3,3 predicted@25,20" })).updated).not.toContain("4");
    await same(live, { choice: "grass" }, strokes);
    await live.clear();
  });
});

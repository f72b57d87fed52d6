/** `sftgan upscale`: how large, in which format, by which prior and graph; standard input and output; what is kept of a picture. */
import { mkdir, readdir } from "node:fs/promises";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { decodePng } from "../../src/codec/png-decode";
import { readPngText } from "../../src/codec/png-text";
import { exifOfTiff } from "../../src/codec/tiff-exif";
import type { PictureOptions, UpscalerOptions } from "../../src/headless";
import { root } from "../built";
import { Program } from "./program";

type Api = typeof import("../../src/headless");

const program = Program.prepare();
const TINY = ["--model", "net-sft-net.pth"];

async function inputs(): Promise<void> {
  await program.fixture("net-sft-net.pth");
  await program.noise("in.png", { width: 10, height: 8 });
}

/** Runs `upscale` on in.png, which has to work. */
async function upscaled(out: string, ...options: string[]): Promise<void> {
  expect(await program.run("upscale", "in.png", out, ...TINY, ...options)).toMatchObject({ code: 0 });
}
/** Pictures by one process: the options are the same in programs. */
async function made(options: UpscalerOptions, ...pictures: [string | Uint8Array, PictureOptions?][]) {
  const { Upscaler }: Api = await import(/* @vite-ignore */ `${root}dist/headless/index.js`);
  const upscaler = await Upscaler.start({ model: program.path("net-sft-net.pth"), ...options });
  try {
    const results = [];
    for (const picture of pictures) results.push(await upscaler.upscale(...picture));
    return results;
  } finally {
    await upscaler.close();
  }
}
const seen = async (name: string) => sharp(await program.bytes(name)).metadata();
const graphIn = async (name: string) => readPngText(await program.bytes(name)).sftgan!;

describe("how large", () => {
  it("is said by a scale, a width, a height, or the box it has to fit into, and the graph in the result says it too", async () => {
    await inputs();
    const asked = [{ scale: 2 }, { scale: 3 }, { width: 15 }, { height: 4 }, { width: 35, height: 16 }, { width: 50 }] as const;
    const results = await made({}, ...asked.map((size): [string, PictureOptions] => [program.path("in.png"), size]));
    expect(results.map(({ width, height }) => [width, height])).toEqual([
      [20, 16],
      [30, 24],
      [15, 12],
      [5, 4],
      [20, 16],
      [50, 40],
    ]);
    expect(results.flatMap(({ warnings }) => warnings)).toEqual([
      "50 × 40 is more than the 40 × 32 it is made from: the rest is interpolated",
    ]);
    await upscaled("sized.png", "--width", "35", "--height", "16");
    expect(await seen("sized.png")).toMatchObject({ width: 20, height: 16 });
    expect(await program.run("run", "sized.png", "--out", "again.png")).toMatchObject({ code: 0 });
    const [one, two] = await Promise.all(
      ["sized.png", "again.png"].map(async (name) => decodePng(await program.bytes(name), name)),
    );
    expect(two!.rgb).toEqual(one!.rgb);
  });

  it("is done again with other options, and not with the same", async () => {
    const run = async (...options: string[]) => (await program.run("upscale", "in.png", "done.webp", ...TINY, ...options)).out;
    const all = [
      ["--scale", "2"],
      ["--scale", "2", "--metadata", "none", "--quality", "50"],
    ];
    for (const options of all) {
      expect(await run(...options)).toMatch(/^done\.webp {2}\d+ × \d+/);
      expect(await run(...options)).toBe("done.webp  already there\n");
    }
  });
});

describe("the format", () => {
  it("of a folder's results, with a quality", async () => {
    await mkdir(program.path("folder"));
    await program.write("folder/a.png", await program.bytes("in.png"));
    for (const format of ["avif", "tiff"]) {
      const run = () => program.run("upscale", "folder", format, ...TINY, "--format", format);
      expect(await run()).toMatchObject({ code: 0, err: "" });
      expect((await run()).out).toContain("already there");
    }
    expect([await readdir(program.path("avif")), await readdir(program.path("tiff"))]).toEqual([["a.avif"], ["a.tif"]]);
    const picture = await program.bytes("in.png");
    const [low, high] = await made({}, [picture, { format: "jpeg", quality: 10 }], [picture, { format: "jpeg" }]);
    expect(low!.bytes.length).toBeLessThan(high!.bytes.length);
  });

  it("keeps the bits of a picture where it can, and has those that are asked for", async () => {
    const rgb = Uint16Array.from({ length: 3 * 5 * 4 }, (_, i) => (i * 997) & 65535);
    await program.picture("deep.png", { width: 5, height: 4, bits: 16, rgb });
    const [deep, shallow] = [await program.bytes("deep.png"), await program.bytes("in.png")];
    const results = await made(
      {},
      [deep],
      [deep, { format: "tiff" }],
      [deep, { format: "jpeg" }],
      [deep, { bits: 8 }],
      [shallow, { bits: 16 }],
    );
    const depths = await Promise.all(results.map(async ({ bytes }) => (await sharp(bytes).metadata()).depth));
    expect(depths).toEqual(["ushort", "ushort", "uchar", "uchar", "ushort"]);
    const png = await decodePng(results[0]!.bytes, "deep-out.png");
    const { data } = await sharp(results[1]!.bytes)
      .toColourspace("rgb16")
      .raw({ depth: "ushort" })
      .toBuffer({ resolveWithObject: true });
    expect(new Uint16Array(data.buffer, data.byteOffset, data.length / 2)).toEqual(png!.rgb);
  });
});

describe("what steers the texture", () => {
  it("is a class everywhere, nothing, or a file, and the graph in the result says which", async () => {
    await upscaled("sky.png", "--prior", "Sky");
    expect(await graphIn("sky.png")).toMatch(/constant-prior.*"sky"/);
    expect(await graphIn("sky.png")).not.toContain("sftgan/segment");
    const [predicted] = await made({}, [program.path("in.png")]);
    const [none] = await made({ prior: "none" }, [program.path("in.png")]);
    await program.write("predicted.png", predicted!.bytes);
    await program.write("none.png", none!.bytes);
    const labels = Uint8Array.from({ length: 3 * 40 * 32 }, () => 1);
    await program.picture("labels.png", { width: 40, height: 32, bits: 8, rgb: labels });
    await upscaled("file.png", "--prior", "labels.png");
    const pictures = await Promise.all(
      ["predicted", "sky", "none", "file"].map(async (name) =>
        (await decodePng(await program.bytes(`${name}.png`), name))!.rgb.join(),
      ),
    );
    expect(pictures[3]).toBe(pictures[1]); // index 1 is sky
    expect(new Set(pictures).size).toBe(3);
    expect(await program.fails(1, "upscale", "in.png", "x.png", "--prior", "skyy")).toContain(
      "it is a file, or one of predicted, none, background, sky",
    );
    expect(await program.fails(1, "upscale", "labels.png", "x.png", ...TINY, "--prior", "labels.png")).toMatch(
      /places, but the picture of .* give such a map, or give a --recipe whose Load Prior has the file, with fit "resize"/,
    );
  });

  it("may be a graph of one's own, into whose Load LR the picture goes", async () => {
    const graph = await program.graph("srresnet", ({ nodes }) => {
      Object.assign(nodes.find(({ type }) => type === "sftgan/load-model")!.properties, { file: { name: "net-srresnet.pth" } });
      nodes.find(({ type }) => type === "sftgan/sft-resblocks")!.properties.blocks = 2;
    });
    await program.fixture("net-srresnet.pth");
    const run = (...options: string[]) => program.run("upscale", "in.png", "own.png", "--recipe", graph, ...options);
    expect(await run()).toMatchObject({ code: 0, err: "" });
    expect(await seen("own.png")).toMatchObject({ width: 40, height: 32 });
    expect(await run("--scale", "2")).toMatchObject({ code: 0, out: expect.stringContaining("20 × 16") });
    const folder = await program.graph("srresnet", ({ nodes }) => {
      Object.assign(nodes.find(({ type }) => type === "sftgan/load-model")!.properties, { file: { name: "net-srresnet.pth" } });
      nodes.find(({ type }) => type === "sftgan/sft-resblocks")!.properties.blocks = 2;
      Object.assign(nodes.find(({ type }) => type === "sftgan/load-lr")!, { type: "sftgan/load-folder", title: "Load Folder" });
    });
    expect(await program.run("upscale", "in.png", "folder.png", "--recipe", folder)).toMatchObject({ code: 0, err: "" });
    const alone = await program.fails(2, "run", folder, "--set", "Load Folder.file=.", "--out", "x.png");
    expect(alone).toContain(`"." is a folder, and a run takes one picture: sftgan upscale "." OUT --recipe GRAPH.json`);
    const none = await program.graph("srresnet", (changed) => {
      changed.nodes = changed.nodes.filter(({ type }) => type !== "sftgan/save");
    });
    expect(await program.fails(1, "upscale", "in.png", "x.png", "--recipe", none)).toContain("it has no Save");
    expect(await program.fails(2, "upscale", "in.png", "x.png", "--recipe", graph, ...TINY)).toContain(
      "--model is not for a --recipe",
    );
    expect(await program.fails(2, "upscale", "in.png", "x.png", "--recipe", "graph:none")).toContain("there is no ready graph");
  });
});

describe("standard input and output", () => {
  /** The program with bytes on standard input. */
  async function piped(bytes: Uint8Array, ...args: string[]) {
    const child = program.start("upscale", ...args);
    const out: Buffer[] = [];
    let err = "";
    child.stdout.on("data", (data: Buffer) => out.push(data));
    child.stderr.on("data", (data) => {
      err += String(data);
    });
    child.stdin.end(bytes);
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    return { code, err, bytes: new Uint8Array(Buffer.concat(out)) };
  }

  it("take and give a picture, with what is said on standard error", async () => {
    const ended = await piped(await program.bytes("in.png"), "-", "-", ...TINY, "--format", "webp");
    expect(ended).toMatchObject({ code: 0, err: expect.stringMatching(/^sftgan: standard output {2}40 × 32, .*\n$/) });
    expect(await sharp(ended.bytes).metadata()).toMatchObject({ format: "webp", width: 40, height: 32 });
    expect(await piped(await program.bytes("in.png"), "-", "from-input.png", "-q", ...TINY)).toMatchObject({ code: 0, err: "" });
    expect(await seen("from-input.png")).toMatchObject({ width: 40 });
    expect(await piped(new Uint8Array(), "-", "-", ...TINY)).toMatchObject({
      code: 1,
      err: expect.stringContaining("standard input is empty"),
    });
  });
});

describe("what a picture says of itself", () => {
  it("is kept in every format with what is true of the result, or left out; the recipe stays", async () => {
    const xmp =
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6" tiff:ImageWidth="10"/></rdf:RDF></x:xmpmeta>';
    const photo = await sharp(await program.bytes("in.png"))
      .withExif({
        IFD0: { Make: "Acme", Orientation: "6" },
        IFD2: { PixelXDimension: "10", PixelYDimension: "8", ColorSpace: "65535" },
      })
      .withXmp(xmp)
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    await program.write("photo.jpg", photo);
    const formats = ["png", "jpeg", "webp", "avif", "tiff"] as const;
    for (const { bytes, type } of await made(
      {},
      ...formats.map((format): [string, PictureOptions] => [program.path("photo.jpg"), { format }]),
    )) {
      const { exif: block, xmp: kept, width, height, orientation = 1 } = await sharp(bytes).metadata();
      const exif = type === "image/tiff" ? Buffer.from(exifOfTiff(bytes)!) : block;
      expect([width, height, orientation], type).toEqual([32, 40, 1]);
      expect(exif!.toString("latin1"), type).toMatch(/Acme/);
      expect(exif!.toString("latin1"), type).toMatch(/litegraph-sftgan [0-9a-f]{64}/);
      expect(kept!.toString(), type).toContain('tiff:Orientation="1" tiff:ImageWidth="32"');
    }
    expect(await program.run("upscale", "photo.jpg", "photo.tif", ...TINY)).toMatchObject({ code: 0 });
    expect(await program.run("upscale", "photo.tif", "again.jpg", ...TINY)).toMatchObject({ code: 0 });
    const again = await seen("again.jpg");
    expect([again.width, again.height, again.orientation ?? 1]).toEqual([128, 160, 1]);
    expect(again.exif!.toString("latin1")).toMatch(/Acme/);
    expect(again.xmp!.toString()).toContain('tiff:Orientation="1" tiff:ImageWidth="128"');
    expect(await program.run("upscale", "photo.jpg", "bare.jpg", ...TINY, "--metadata", "none")).toMatchObject({ code: 0 });
    const bare = (await seen("bare.jpg")).exif!.toString("latin1");
    expect(bare).not.toContain("Acme");
    expect(bare).toMatch(/litegraph-sftgan [0-9a-f]{64}/);
  });
});

it("Options that do not go together, or are out of range, are said before anything is read", async () => {
  const { endingOf, makingOf } = await import("../../src/headless/upscale-options");
  for (const [values, message, ending = ".png"] of [
    [{ scale: "5" }, '--scale is "5": it must be one of 2, 3, 4'],
    [{ scale: "2", width: "9" }, "--scale and --width or --height both say how large"],
    [{ width: "0" }, '--width is "0": it must be a whole number from 1 to 262144'],
    [{ format: "gif" }, '--format is "gif": it must be one of png, jpg, webp, avif, tiff'],
    [{ format: "jpg" }, 'OUT ends in ".png" and --format is jpg'],
    [{ quality: "80" }, "--quality is for jpg, webp and avif"],
    [{ quality: "0" }, '--quality is "0"', ".jpg"],
    [{ bits: "12" }, '--bits is "12": it must be one of 8, 16'],
    [{ bits: "16" }, "--bits 16 is for png and tiff", ".jpg"],
    [{ metadata: "some" }, '--metadata is "some": it must be one of keep, none'],
    [{ "allow-files": ["."] }, "--allow-files is for the files that a --recipe names"],
    [{ recipe: "graph:morph", prior: "sky" }, "--prior is not for a --recipe"],
  ] as const)
    expect(() => makingOf(values, ending), message).toThrow(message);
  expect(endingOf({ format: "JPEG" })).toBe(".jpg");
  expect(await program.fails(2, "upscale", "in.png", "x.png", "--scale", "5")).toContain("--scale");
  expect(await program.fails(2, "upscale", "in.png", "-", "--json")).toContain("--json writes to standard output");
});

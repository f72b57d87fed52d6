/** `sftgan upscale`: one picture, folders, patterns; going on where it was; other weights. */
import { link, mkdir, readdir, stat, symlink, utimes } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { decodePng } from "../../src/codec/png-decode";
import { readPngText } from "../../src/codec/png-text";
import { safetensors } from "../browser/engine";
import { tinyModel } from "../support";
import { Program } from "./program";

const program = Program.prepare();
const TINY = ["--model", "net-srresnet.pth"];

async function sizeOf(name: string): Promise<number[]> {
  const { width, height } = (await decodePng(await program.bytes(name), name))!;
  return [width, height];
}

describe("sftgan upscale", () => {
  it("enlarges one picture four times with the weights that ship", async () => {
    await program.noise("in.png", { width: 12, height: 10 });
    const ended = await program.run("upscale", "in.png", "out.png");
    expect(ended).toMatchObject({ code: 0, err: "" });
    expect(ended.out).toMatch(/^out\.png {2}48 × 40, \d+\.\d s\n$/);
    expect(await sizeOf("out.png")).toEqual([48, 40]);
  });

  it("writes JPEG and WebP where OUT ends so, and makes the folder OUT is in", async () => {
    await program.fixture("net-srresnet.pth");
    for (const name of ["new/out.jpg", "new/out.webp"])
      expect(await program.run("upscale", "in.png", name, ...TINY)).toMatchObject({ code: 0, err: "" });
    expect((await readdir(program.path("new"))).sort()).toEqual(["out.jpg", "out.webp"]);
  });

  it.each([
    ["net-sft-net.pth", "Load Model"],
    ["net-sft-net-torch.pth", "Load Model"],
    ["net-srresnet.pth", "Load Model"],
  ])("runs %s with as many blocks as it has, and says so in the picture", async (model) => {
    await program.fixture(model);
    expect(await program.run("upscale", "in.png", `${model}.png`, "--model", model)).toMatchObject({ code: 0, err: "" });
    const graph = JSON.parse(readPngText(await program.bytes(`${model}.png`)).sftgan!) as {
      nodes: { type: string; properties: Record<string, unknown> }[];
    };
    const properties = (type: string) => graph.nodes.find((node) => node.type === `sftgan/${type}`)?.properties;
    expect(properties("load-model")?.file).toMatchObject({ name: model });
    expect(properties("sft-resblocks")?.blocks).toBe(2);
    expect(properties("condition-net") === undefined).toBe(model === "net-srresnet.pth");
    expect(await sizeOf(`${model}.png`)).toEqual([48, 40]);
    expect(await program.run("run", `${model}.png`, "--out", "again.png")).toMatchObject({ code: 0, err: "" });
  });

  it("takes shipped weights by name", async () => {
    await program.noise("dot.png", { width: 3, height: 2 });
    expect(await program.run("upscale", "dot.png", "psnr.png", "--model", "psnr")).toMatchObject({ code: 0, err: "" });
    expect(await program.run("upscale", "dot.png", "srresnet.png", "--model", "srresnet")).toMatchObject({ code: 0, err: "" });
    expect(await program.bytes("psnr.png")).not.toEqual(await program.bytes("srresnet.png"));
    const hashes = JSON.parse(readPngText(await program.bytes("psnr.png"))["sftgan-weights"]!) as Record<string, string>;
    expect(Object.keys(hashes).sort()).toEqual(["weights:psnr.safetensors", "weights:segment.safetensors"]);
  });

  it("does a folder, reports the bad file, does the rest, and goes on where it was", async () => {
    await mkdir(program.path("photos/inner"), { recursive: true });
    await program.noise("photos/a.png", { width: 5, height: 4 });
    await program.write("photos/b.png", "this is a text");
    await program.noise("photos/c.png", { width: 1, height: 1 });
    await program.write("photos/notes.txt", "not a picture, and not asked for");
    const first = await program.run("upscale", "photos", "large", ...TINY);
    expect(first.code).toBe(3);
    expect(first.err).toBe("sftgan: photos/b.png is not a picture; choose a PNG, JPEG, WebP, AVIF, TIFF, GIF or BMP file.\n");
    expect(first.out).toMatch(
      /large\/a\.png {2}20 × 16.*\nlarge\/c\.png {2}4 × 4.*\n(?:not enlarged: .*\n)+2 enlarged, 0 already there, 1 failed\n$/,
    );
    expect(first.out).toContain("not enlarged: inner (a folder inside, which --recursive takes too)\n");
    expect(first.out).toContain("not enlarged: notes.txt (no picture by its ending)\n");
    expect((await readdir(program.path("large"))).sort()).toEqual(["a.png", "c.png"]);

    const before = await stat(program.path("large/a.png"));
    await program.noise("photos/b.png", { width: 2, height: 3 });
    const second = await program.run("upscale", "photos", "large", ...TINY);
    expect(second).toMatchObject({ code: 0, err: "" });
    expect(second.out).toContain("1 enlarged, 2 already there, 0 failed");
    expect((await stat(program.path("large/a.png"))).mtimeMs).toBe(before.mtimeMs);
    expect(await sizeOf("large/b.png")).toEqual([8, 12]);
  });

  it("does one part of a folder, so that all parts do each picture once, and says what array jobs lack", async () => {
    await mkdir(program.path("many"));
    for (let i = 0; i < 6; i++) await program.noise(`many/${i}.png`, { width: 2, height: 2 + i });
    const counts: number[] = [];
    for (const part of ["1/3", "2/3", "3/3"]) {
      const { code, out } = await program.run("upscale", "many", "parts", "--part", part, ...TINY);
      expect(code).toBe(0);
      counts.push(out.match(/^parts\//gm)?.length ?? 0);
    }
    expect(counts.reduce((a, b) => a + b)).toBe(6);
    expect((await readdir(program.path("parts"))).length).toBe(6);
    expect(await program.fails(2, "upscale", "many", "parts", "--part", "4/3")).toContain('--part is "4/3"');
    expect(await program.fails(2, "upscale", "many", "parts", "--part", "auto")).toContain("start it as an array job");
  });

  it("does again what was made otherwise, or empty, whatever the dates", async () => {
    const run = () => program.run("upscale", "photos/a.png", "photos/c.png", "large", ...TINY);
    await program.write("large/a.png", "");
    const [past, future] = [new Date(2001, 1, 1), new Date(2101, 1, 1)];
    await utimes(program.path("large/c.png"), past, past);
    await utimes(program.path("photos/a.png"), future, future);
    expect((await run()).out).toContain("1 enlarged, 1 already there");
    expect((await run()).out).toContain("0 enlarged, 2 already there");
    await program.fixture("net-sft-net.pth");
    const other = await program.run("upscale", "photos/a.png", "large", "--model", "net-sft-net.pth");
    expect(other.out).toMatch(/^large\/a\.png {2}20 × 16/);
  });

  it("makes JPEG and WebP anew with other weights or of another picture, and skips them otherwise", async () => {
    await Promise.all([program.fixture("net-sft-net.pth"), program.fixture("net-srresnet.pth")]);
    await program.noise("one.png", { width: 4, height: 3 });
    for (const name of ["resumed.jpg", "resumed.webp"]) {
      const run = async (...args: string[]) => (await program.run("upscale", "one.png", name, ...args)).out;
      expect(await run(...TINY)).toContain(`${name}  16 × 12`);
      expect(await run(...TINY)).toBe(`${name}  already there\n`);
      expect(await run("--model", "net-sft-net.pth")).toContain(`${name}  16 × 12`);
      await program.noise("one.png", { width: 5, height: 3 });
      expect(await run("--model", "net-sft-net.pth")).toContain(`${name}  20 × 12`);
      await program.noise("one.png", { width: 4, height: 3 });
    }
  });

  it("neither takes another program's file for its own, nor writes over it unless told to", async () => {
    await program.noise("theirs.png", { width: 9, height: 9 });
    await program.fixture("picture-grey.jpg");
    await program.write("theirs.webp", "no picture at all");
    for (const name of ["theirs.png", "picture-grey.jpg", "theirs.webp"]) {
      const before = await program.bytes(name);
      expect(await program.fails(4, "upscale", "in.png", name, ...TINY)).toBe(
        `in.png: "${name}" exists and is not of this program's making: name another file, or give --overwrite`,
      );
      expect(await program.bytes(name)).toEqual(before);
    }
    const ended = await program.run("upscale", "in.png", "theirs.png", "--overwrite", ...TINY);
    expect(ended).toMatchObject({ code: 0, err: "", out: expect.stringContaining("theirs.png  48 × 40") });
  });

  it("refuses what JPEG and WebP cannot store before it runs, and writes it as PNG", { timeout: 240_000 }, async () => {
    await program.noise("long.png", { width: 3, height: 20_000 });
    await program.fixture("net-sft-net.pth");
    const model = ["--model", "net-sft-net.pth"];
    for (const [name, message] of [
      ["long.jpg", "JPEG ends at 65500 a side; save it as PNG."],
      ["long.webp", "WebP ends at 16383 a side; save it as PNG."],
    ] as const) {
      const start = performance.now();
      expect(await program.fails(4, "upscale", "long.png", name, ...model)).toBe(
        `long.png: The picture is 12 × 80000 pixels, and ${message}`,
      );
      const graph = await program.graph("sft-gan");
      expect(await program.fails(4, "run", graph, "--set", "Load LR.file=long.png", "--out", name)).toBe(
        `Save (6): The picture is 12 × 80000 pixels, and ${message}`,
      );
      expect(performance.now() - start).toBeLessThan(10_000);
    }
    expect(await program.run("upscale", "long.png", "long-out.png", ...model)).toMatchObject({ code: 0, err: "" });
    expect(await sizeOf("long-out.png")).toEqual([12, 80_000]);
  });

  it("does what fits a pattern", async () => {
    const ended = await program.run("upscale", "photos/[ac].png", "patterned", ...TINY);
    expect(ended).toMatchObject({ code: 0, err: "" });
    expect((await readdir(program.path("patterned"))).sort()).toEqual(["a.png", "c.png"]);
  });

  it("never writes over a picture or weights it reads, by whatever name, even when told to replace files", async () => {
    await program.noise("only.png", { width: 2, height: 2 });
    await symlink("only.png", program.path("soft.png"));
    await link(program.path("only.png"), program.path("hard.png"));
    await link(program.path("net-srresnet.pth"), program.path("weights.png"));
    const before = await program.bytes("only.png");
    for (const [out, why] of [
      ["only.png", "is read by this command"],
      ["soft.png", 'is "only.png" by another name, which this command reads'],
      ["hard.png", 'is "only.png" by another name, which this command reads'],
      ["weights.png", `is "${program.path("net-srresnet.pth")}" by another name, which this command reads`],
    ] as const)
      expect(await program.fails(4, "upscale", "only.png", out, "--overwrite", ...TINY)).toContain(
        `"${out}" ${why}: name another file`,
      );
    expect(await program.bytes("only.png")).toEqual(before);
  });

  it("finishes a folder of twins, and one it writes into, and has nothing to do the second time", async () => {
    await mkdir(program.path("twins"));
    await program.noise("twins/x.png", { width: 2, height: 2 });
    await program.write("twins/x.jpg", await program.bytes("twins/x.png"));
    for (const [out, said] of [
      ["out-of-twins", ""],
      ["twins", "not enlarged: x.jpg.png, x.png.png (a result of this program)\n"],
    ] as const) {
      const first = await program.run("upscale", "twins", out, ...TINY);
      expect(first).toMatchObject({ code: 0, err: "", out: expect.stringContaining("2 enlarged, 0 already there, 0 failed") });
      const second = await program.run("upscale", "twins", out, ...TINY);
      expect(second).toMatchObject({ code: 0, err: "", out: expect.stringMatching(/already there\n.+already there\n/) });
      expect(second.out.endsWith(`${said}0 enlarged, 2 already there, 0 failed\n`)).toBe(true);
    }
    const both = ["x.jpg.png", "x.png.png"];
    expect((await readdir(program.path("out-of-twins"))).sort()).toEqual(both);
    expect((await readdir(program.path("twins"))).sort()).toEqual(["x.jpg", ...both, "x.png"].sort());
  });

  it("says before it computes that a result's name is too long, or its folder takes no files", async () => {
    const long = `${"ü".repeat(125)}.jpg`;
    await program.write(long, await program.bytes("in.png"));
    expect(await program.fails(4, "upscale", long, `${"ü".repeat(126)}.webp`, ...TINY)).toContain("has a name that is too long");
    if (process.platform === "linux")
      expect(await program.fails(4, "upscale", "in.png", "photos", "/proc/none", ...TINY)).toContain(
        '"/proc/none" cannot be made',
      );
  });

  it("takes away what a run that was killed inside a write left, and nobody finds half a file", async () => {
    const hook = await program.write(
      "hook.mjs",
      `import fs from "node:fs"; import { syncBuiltinESMExports } from "node:module";
      const write = fs.promises.writeFile;
      fs.promises.writeFile = async (file, content) => {
        await write(file, content.subarray(0, content.length >> 1));
        process.kill(process.pid, "SIGKILL");
      };
      syncBuiltinESMExports();`,
    );
    await mkdir(program.path("killed"));
    const killed = program.startHooked(hook, "upscale", "in.png", "killed/out.png", ...TINY);
    await new Promise((resolve) => killed.on("close", resolve));
    expect(await readdir(program.path("killed"))).toEqual([expect.stringMatching(/^\.sftgan-.*\.part$/)]);
    expect(await program.run("upscale", "in.png", "killed/out.png", ...TINY)).toMatchObject({ code: 0, err: "" });
    expect(await readdir(program.path("killed"))).toEqual(["out.png"]);
  });

  it("leaves nothing half written when it is cancelled, and says so", async () => {
    await program.noise("first.png", { width: 2, height: 2 });
    await program.noise("slow.png", { width: 200, height: 160 });
    const child = program.start("upscale", "first.png", "slow.png", "cancelled");
    const said: string[] = [];
    child.stderr.on("data", (data) => said.push(String(data)));
    child.stdout.once("data", () => child.kill("SIGINT")); // the first is written while the second is computed
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(said.join("")).toBe("sftgan: cancelled\n");
    expect(code).toBe(130);
    expect(await readdir(program.path("cancelled"))).toEqual(["first.png"]);
  });

  it("says what is wrong with its arguments", async () => {
    expect(await program.fails(2, "upscale", "in.png")).toContain("IN and OUT are needed");
    expect(await program.fails(1, "upscale", "missing.png", "o.png")).toBe(
      '"missing.png" does not exist: give a picture, a folder or a pattern',
    );
    expect(await program.fails(1, "upscale", "*.tga", "o")).toContain('no file fits the pattern "*.tga"');
    expect(await program.fails(2, "upscale", "in.png", "o.gif")).toContain("the ending must be one of .png, .jpg");
    expect(await program.fails(2, "upscale", "photos", "o.png")).toContain(
      'OUT "o.png" names a file, and the pictures of a folder, a pattern or several IN need a folder: give a folder',
    );
    await program.write("ending-less", "");
    expect(await program.fails(2, "upscale", "in.png", "ending-less")).toContain("is a file with no picture's ending");
    expect(await program.fails(1, "upscale", "in.png", "o.png", "--model", "best")).toContain(
      '--model "best" does not exist: check its name; it is a file, or one of sftgan, real, psnr',
    );
    await program.fixture("net-segmenter.safetensors");
    for (const model of ["net-segmenter.safetensors", "segment"])
      expect(await program.fails(1, "upscale", "in.png", "o.png", "--model", model)).toMatch(
        `--model ${model} is a segmentation network, which enlarges nothing: give one of sftgan, real, psnr`,
      );
    const depth = { ...tinyModel(), metadata: { classes: "near,far" } };
    await program.write("depth.safetensors", safetensors(depth));
    expect(await program.fails(1, "upscale", "in.png", "o.png", "--model", "depth.safetensors")).toMatch(
      "--model depth.safetensors takes another prior than the eight classes: run a graph that makes it, such as graphs/depth-prior.json, or give one of sftgan",
    );
    await mkdir(program.path("folder"));
    await program.write("folder/cut.png", (await program.bytes("in.png")).subarray(0, 100));
    expect(await program.fails(1, "upscale", "folder/cut.png", "o.png", ...TINY)).toMatch(/^folder\/cut\.png is cut short/);
  });
});

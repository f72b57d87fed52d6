/** `sftgan run`: on tiny networks and pictures, against the PyTorch network's outputs. */
import { mkdir, readFile, symlink } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { decodePng } from "../../src/codec/png-decode";
import { readPngText } from "../../src/codec/png-text";
import { cleanGraph, readGraph } from "../../src/graph/clean";
import { sha256 } from "../../src/graph/file";
import { CLASS_COLOURS } from "../../src/types";
import { readNpy } from "../../src/weights/npy";
import { fixture } from "../fixture";
import { graphOf } from "../graph-builder";
import { tolerance } from "../support";
import { distance, Program } from "./program";

const program = Program.prepare();

/** The picture of the fixtures as a PNG of 16 bits. */
async function fixturePicture(): Promise<string> {
  const { shape, data } = readNpy(await fixture("net-picture.npy"), "net-picture.npy");
  const rgb = Uint16Array.from(data, (value) => Math.round(65535 * value));
  return program.picture("lr.png", { height: shape[0]!, width: shape[1]!, bits: 16, rgb });
}

/** The graph prior-from-file on the fixtures' network, picture and prior. */
async function fixtureRun(...rest: string[]) {
  await Promise.all([fixturePicture(), program.fixture("net-prior.npy"), program.fixture("net-sft-net.pth")]);
  const graph = await program.graph("prior-from-file");
  const set = ["Load LR.file=lr.png", "Load Prior.file=net-prior.npy", "Load Model.file=net-sft-net.pth", "5.blocks=2"];
  return program.run("run", graph, ...set.flatMap((setting) => ["--set", setting]), ...rest);
}

describe("sftgan run", () => {
  it("writes the condition and the picture of the PyTorch network", async () => {
    const out = ["--out", "Condition Net=condition.npy", "--out", "out.npy"];
    expect(await fixtureRun(...out)).toMatchObject({ code: 0, err: "" });
    expect(await distance(await program.npy("condition.npy"), "net-sft-net.condition.npy")).toBeLessThan(tolerance());
    expect(await distance(await program.npy("out.npy"), "net-sft-net.out.npy")).toBeLessThan(tolerance());
  });

  it("writes every kind of value to the files asked for", async () => {
    const out = ["5=features.npy", "Load Prior=prior.npy", "Load Prior=prior.png", "Preview=p.webp", "7=p.jpg", "out.png"];
    expect(await fixtureRun(...out.flatMap((file) => ["--out", file]))).toMatchObject({ code: 0, err: "" });
    expect((await program.npy("features.npy")).shape).toEqual([12, 10, 8]);
    expect(await distance(await program.npy("prior.npy"), "net-prior.npy")).toBe(0);
    const seen = await decodePng(await program.bytes("prior.png"), "prior.png");
    expect([seen!.width, seen!.height]).toEqual([40, 48]);
    expect((await program.bytes("p.jpg")).subarray(0, 3)).toEqual(Uint8Array.of(0xff, 0xd8, 0xff));
    expect(new TextDecoder().decode((await program.bytes("p.webp")).subarray(8, 12))).toBe("WEBP");
  });

  it("draws a prior of any size in the colours of its classes, where onnxruntime holds it and where WebAssembly does", async () => {
    await program.noise("wide.png", { width: 70, height: 40 });
    const graph = await program.graph("sft-gan");
    for (const device of ["cpu", "wasm"]) {
      const out = ["--out", "Segment=seen.npy", "--out", "Segment=seen.png", "--device", device];
      const ended = await program.run("run", graph, "--set", "Load LR.file=wide.png", ...out);
      expect(ended, device).toMatchObject({ code: 0, err: "" });
      const { data } = await program.npy("seen.npy");
      const seen = (await decodePng(await program.bytes("seen.png"), "seen.png"))!;
      expect([seen.width, seen.height]).toEqual([280, 160]);
      const expected = seen.rgb.map((_, i) =>
        Math.round(CLASS_COLOURS.reduce((sum, colour, k) => sum + data[8 * Math.floor(i / 3) + k]! * colour[i % 3]!, 0)),
      );
      expect(seen.rgb.every((value, i) => Math.abs(value - expected[i]!) <= 1)).toBe(true);
    }
  });

  it("puts the graph with its settings and the files' hashes into a PNG, which runs again to the same picture", async () => {
    expect(await fixtureRun("--out", "out.png")).toMatchObject({ code: 0 });
    const png = await program.bytes("out.png");
    const graph = JSON.parse(readPngText(png).sftgan!) as { nodes: { id: number; properties: Record<string, unknown> }[] };
    const node = (id: number) => graph.nodes.find((found) => found.id === id)!.properties;
    expect(node(5).blocks).toBe(2);
    expect(node(3).file).toEqual({ name: "net-sft-net.pth", sha256: await sha256(await fixture("net-sft-net.pth")) });
    expect(await program.run("run", "out.png", "--out", "again.png")).toMatchObject({ code: 0, err: "" });
    expect(await program.bytes("again.png")).toEqual(png);
  });

  it("names the shipped weights' hashes in a PNG", async () => {
    await program.noise("tiny.png", { width: 7, height: 5 });
    const graph = await program.graph("sft-gan");
    const args = ["--set", "Load LR.file=tiny.png", "--set", "SFT ResBlock×N.blocks=1", "--out", "shipped.png"];
    expect(await program.run("run", graph, ...args)).toMatchObject({ code: 0, err: "" });
    const hashes = JSON.parse(readPngText(await program.bytes("shipped.png"))["sftgan-weights"]!) as Record<string, string>;
    expect(Object.keys(hashes).sort()).toEqual(["weights:segment.safetensors", "weights:sftgan.safetensors"]);
    const { width, height } = (await decodePng(await program.bytes("shipped.png"), "shipped.png"))!;
    expect([width, height]).toEqual([28, 20]);
  });

  it("sets what is in a subgraph by its title, also as a recipe for pictures; the graph in the result keeps its subgraph", async () => {
    await program.noise("inner.png", { width: 7, height: 5 });
    const subgraph = graphOf([
      ["load-lr"],
      ["bicubic-upscale", {}, { image: [1, "image"] }],
      ["save", {}, { image: [2, "image"] }],
    ]);
    const nested = cleanGraph({ nodes: [{ id: 1, type: "graph/subgraph", title: "All", subgraph }], links: [] }); // ids of the inside are taken
    await program.write("nested.json", JSON.stringify(nested));
    const run = ["run", "nested.json", "--set", "Load LR.file=inner.png", "--out", "nested.png"];
    expect(await program.run(...run)).toMatchObject({ code: 0, err: "" });
    const { width, height } = (await decodePng(await program.bytes("nested.png"), "nested.png"))!;
    expect([width, height]).toEqual([28, 20]);
    const inside = readGraph(readPngText(await program.bytes("nested.png")).sftgan!);
    expect(inside.nodes.map(({ type }) => type)).toEqual(["graph/subgraph"]);
    expect(await program.run("run", "nested.png", "--out", "again.png")).toMatchObject({ code: 0, err: "" });
    expect(await program.run("upscale", "inner.png", "by-recipe.png", "--recipe", "nested.json")).toMatchObject({ code: 0 });
    const made = (await decodePng(await program.bytes("by-recipe.png"), "by-recipe.png"))!;
    expect([made.width, made.height]).toEqual([28, 20]);
  });

  it("writes to a path that has an equals sign in it, and says how large every picture is", async () => {
    await mkdir(program.path("a"));
    const out = ["a/b=c.png", "./b=c.jpg", "Upsample=a/b=d.npy", "Upsample=e.webp"].flatMap((file) => ["--out", file]);
    expect(await fixtureRun(...out)).toEqual({
      code: 0,
      err: "",
      out: "a/b=c.png  40 × 48\n./b=c.jpg  40 × 48\na/b=d.npy  40 × 48\ne.webp  40 × 48\n",
    });
    expect((await program.npy("a/b=d.npy")).shape).toEqual([48, 40, 3]);
  });

  it("without --out prints what every sink shows", async () => {
    const ended = await fixtureRun();
    expect(ended).toMatchObject({ code: 0, err: "" });
    expect(ended.out).toContain("Preview (8): 40 × 48\n");
  });

  it("measures, and writes numbers as JSON", async () => {
    await program.noise("hr.png", { width: 24, height: 20 });
    const graph = await program.graph("measure");
    const args = ["run", graph, "--set", "Load HR.file=hr.png"];
    const printed = await program.run(...args);
    expect(printed).toMatchObject({ code: 0, err: "" });
    expect(printed.out).toMatch(/^SFT-GAN \(8\): PSNR \d+\.\d+, SSIM /m);
    const file = ["--out", "Bicubic=bicubic.json", "--out", "Bicubic.psnr=psnr.txt"];
    expect(await program.run(...args, ...file)).toMatchObject({ code: 0, err: "" });
    const { psnr } = JSON.parse(new TextDecoder().decode(await program.bytes("bicubic.json"))) as { psnr: number };
    expect(psnr).toBeGreaterThan(1);
    expect(new TextDecoder().decode(await program.bytes("psnr.txt"))).toBe(`${psnr}\n`);
  });

  it("replaces what it made, and neither what others made nor what it reads", async () => {
    const files = ["condition.npy", "out.png", "out.jpg"];
    const out = ["--out", "Condition Net=condition.npy", "--out", "out.png", "--out", "out.jpg"];
    for (let time = 0; time < 2; time++) expect(await fixtureRun(...out)).toMatchObject({ code: 0, err: "" });
    await Promise.all(files.map((file) => program.write(file, `theirs: ${file}`)));
    const refused = await fixtureRun(...out);
    expect(refused).toMatchObject({ code: 4, out: "" });
    for (const file of files) {
      expect(refused.err).toContain(
        `"${file}" exists and is not of this program's making: name another file, or give --overwrite`,
      );
      expect(await readFile(program.path(file), "utf8")).toBe(`theirs: ${file}`);
    }
    const report = JSON.parse((await fixtureRun(...out, "--json")).out) as unknown;
    expect(report).toMatchObject({
      ok: false,
      tensors: null,
      nodes: { 7: { error: expect.stringContaining('"out.png" exists') } },
    });
    expect(await fixtureRun(...out, "--overwrite")).toMatchObject({ code: 0, err: "" });

    await symlink("net-prior.npy", program.path("prior-link.npy"));
    const inputs = ["lr.png", "net-prior.npy", "prior-link.npy"];
    const before = await Promise.all(inputs.map((name) => program.bytes(name)));
    for (const name of inputs) {
      const ended = await fixtureRun("--overwrite", "--out", name.endsWith(".npy") ? `Condition Net=${name}` : name);
      expect(ended).toMatchObject({ code: 4, out: "", err: expect.stringContaining("this command") });
    }
    expect(await Promise.all(inputs.map((name) => program.bytes(name)))).toEqual(before);
    const graph = await program.graph("measure");
    const text = await program.bytes("measure.json");
    for (const overwrite of [[], ["--overwrite"]])
      expect(await program.fails(4, "run", graph, "--out", "Bicubic=measure.json", ...overwrite)).toContain("this command");
    expect(await program.bytes("measure.json")).toEqual(text);
    expect(await program.fails(2, "run", graph, "--out", "Bicubic=m.json", "--out", "SFT-GAN=./m.json")).toContain("twice");
  });

  it("reports times, sizes and tensors as JSON, and nothing else on standard output", async () => {
    const ended = await fixtureRun("--out", "out.png", "--out", "out.webp", "--json");
    expect(ended).toMatchObject({ code: 0, err: "" });
    const report = JSON.parse(ended.out);
    expect(report).toMatchObject({
      ok: true,
      backend: { name: "onnxruntime", device: "cpu", threads: expect.any(Number) },
      nodes: {
        1: { title: "Load LR", cached: false, sizes: { image: [12, 10, 3] } },
        3: { summary: expect.stringContaining("2 blocks × 8 features") },
        4: { sizes: { condition: [12, 10, 6] } },
      },
      outputs: [
        { node: "7", file: "out.png" },
        { node: "7", file: "out.webp" },
      ],
    });
    expect(report.tensors.count).toBeGreaterThan(0);
    expect(report.nodes[6].ms).toBeGreaterThan(0);
  });

  it("looks files up beside the graph and in folders that are allowed", async () => {
    await mkdir(program.path("graphs/inner"), { recursive: true });
    await program.noise("graphs/inner/beside.png", { width: 5, height: 6 });
    await program.noise("here.png", { width: 8, height: 9 });
    const load = (id: number, file: string) => ({
      id,
      type: "sftgan/load-lr",
      title: `at ${id}`,
      properties: { file: { name: file } },
    });
    const graph = JSON.stringify({ nodes: [load(1, "inner/beside.png"), load(2, "here.png")], links: [] });
    await program.write("graphs/two.json", graph);
    for (const command of ["run", "check"]) {
      const refused = await program.run(command, "graphs/two.json");
      expect(refused.code).toBe(1);
      expect(refused.err + refused.out).toContain(
        `the file "here.png" is not here (looked in ${program.path("graphs/here.png")})`,
      );
    }
    for (const command of ["run", "check"])
      expect(await program.fails(2, command, "graphs/two.json", "--allow-files", "here.png")).toBe(
        '--allow-files "here.png" is no folder: give the folder that the files lie in',
      );
    const ended = await program.run("run", "graphs/two.json", "--allow-files", ".");
    expect(ended).toEqual({ code: 0, err: "", out: "at 1 (1): 5 × 6\nat 2 (2): 8 × 9\n" });
  });

  it("takes a file that the graph carries in itself", async () => {
    const data = Buffer.from(await program.bytes("here.png")).toString("base64");
    const node = { id: 1, type: "sftgan/load-lr", properties: { file: { name: "nowhere.png", data } } };
    await program.write("embedded.json", JSON.stringify({ nodes: [node], links: [] }));
    expect(await program.run("run", "embedded.json")).toEqual({ code: 0, err: "", out: "Load LR (1): 8 × 9\n" });
  });
});

it("A broken node that feeds nothing and a circle fail a run, as in the browser, and the rest is computed", async () => {
  const nodes = [
    { id: 1, type: "sftgan/number", properties: { value: 7 } },
    { id: 2, type: "sftgan/condition-net" },
    { id: 3, type: "sftgan/crop", inputs: [{ name: "image", type: "image", link: 1 }] },
    { id: 4, type: "sftgan/crop", inputs: [{ name: "image", type: "image", link: 2 }] },
  ];
  const links = [
    [1, 4, 0, 3, 0, "image"],
    [2, 3, 0, 4, 0, "image"],
  ];
  await program.write("stray.json", JSON.stringify({ nodes, links }));
  const { code, out, err } = await program.run("run", "stray.json");
  expect([code, out]).toEqual([1, "Number (1): VALUE 7\n"]);
  expect(err).toContain('Condition Net (2): its input "prior" is not connected');
  expect(err).toContain("it depends on itself");
});

describe("sftgan run, called wrongly", () => {
  it.each([
    [["Load.file=x"], 'the graph has no node "Load": name one of Load LR (1), Load Prior (2)'],
    [["Load LR.size=3"], 'Load LR (1) has no parameter "size": it has file'],
    [["Load LR"], '--set "Load LR" is not of the form "Node.parameter=value"'],
    [["5.blocks=many"], 'SFT ResBlock×N (5): blocks is "many": it must be a number'],
    [["5.blocks="], 'SFT ResBlock×N (5): blocks is "": it must be a number'],
    [["5.blocks=1e9"], "SFT ResBlock×N (5): blocks is 1000000000: it must be at most 256"],
    [["5.blocks=-5"], "SFT ResBlock×N (5): blocks is -5: it must be at least 0"],
    [["5.blocks=1.5"], "SFT ResBlock×N (5): blocks is 1.5: it must be a whole number"],
    [["5.modulation=maybe"], 'SFT ResBlock×N (5): modulation is "maybe": it must be true or false'],
    [["Save.format=GIF"], 'Save (7): format is "GIF": choose one of PNG, JPEG, WebP'],
  ])("refuses --set %s", async (settings, message) => {
    const graph = await program.graph("prior-from-file");
    const set = settings.flatMap((setting) => ["--set", setting]);
    expect(await program.fails(2, "run", graph, ...set, "--out", "x.png")).toContain(message);
  });

  it.each([
    ["https://example.com/x.png", '--out "https://example.com/x.png" is an address, and files are read from disk'],
    [
      "x.gif",
      '--out "x.gif" ends in ".gif": the ending must be one of .png, .jpg, .jpeg, .webp, .avif, .tif, .tiff, .npy, .json, .txt',
    ],
    ["Nothing=x.png", 'the graph has no node "Nothing"'],
    ["Upsample.picture=x.png", 'Upsample (6) has no output "picture": it has image'],
    ["Load Model=x.npy", '--out "x.npy": Load Model (3) gives model, and can be written to no file: name another node'],
    ["Upsample=x.json", '--out "x.json": Upsample (6) gives no number or text there'],
  ])("refuses --out %s", async (out, message) => {
    expect(await program.fails(2, "run", await program.graph("prior-from-file"), "--out", out)).toContain(message);
  });

  it("lists the ids where a title is that of several nodes", async () => {
    const graph = await program.graph("two-priors");
    expect(await program.fails(2, "run", graph, "--set", "SFT ResBlock×N.blocks=1")).toBe(
      '"SFT ResBlock×N" is the title of 2 nodes: name one by its id, 6 or 7',
    );
  });

  it("says that a linked parameter is set elsewhere", async () => {
    const graph = await program.graph("chained-priors");
    expect(await program.fails(2, "run", graph, "--set", "8.blocks=1")).toContain("is fed by node 7");
  });

  it("refuses options, commands and arguments that do not exist", async () => {
    expect(await program.fails(2, "run", "g.json", "--quick")).toContain("there is no option --quick");
    expect(await program.fails(2, "run", "g.json", "--out")).toBe(
      '--out needs a value after it, or as --out=VALUE where the value begins with "-": see "sftgan run --help"',
    );
    expect(await program.fails(2, "run", "g.json", "--json=yes")).toContain("--json takes no value");
    expect(await program.fails(2, "run")).toContain("one graph file is needed");
    expect(await program.fails(2, "enlarge")).toContain('there is no command "enlarge": choose upscale, run, nodes, check');
    expect(await program.fails(2)).toContain("a command is needed");
  });
});

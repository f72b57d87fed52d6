/** The command line on what it should not be given: one message on standard error, exit code 1, and no harm done. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { sha256 } from "../../src/graph/file";
import { fixture } from "../fixture";
import { Program, type StoredJson } from "./program";

const program = Program.prepare();

const RUN = ["--set", "Load LR.file=in.png", "--set", "SFT ResBlock×N.blocks=1", "--out", "x.png"];

/** The message for a picture. */
async function onPicture(name: string): Promise<string> {
  const graph = await program.graph("sft-gan");
  const message = await program.fails(1, "run", graph, "--set", `Load LR.file=${name}`, "--out", "x.png");
  expect(existsSync(program.path("x.png"))).toBe(false);
  return message;
}

/** The message for a changed graph. */
async function onGraph(change: (graph: StoredJson) => void): Promise<string> {
  await program.noise("in.png", { width: 4, height: 3 });
  return program.fails(1, "run", await program.graph("sft-gan", change), "--out", "x.png");
}

describe("bad pictures", () => {
  it("missing", async () => {
    expect(await onPicture("missing.png")).toContain('missing.png" does not exist: check its name');
  });

  it("a folder, and a device that never ends", async () => {
    await mkdir(program.path("folder.png"));
    expect(await onPicture("folder.png")).toContain("is a folder: give a file");
    expect(await onPicture("/dev/zero")).toContain("no regular file: give a regular file");
  });

  it("a text with a picture's name", async () => {
    await program.write("text.png", "hello");
    expect(await onPicture("text.png")).toContain(
      "text.png is not a picture; choose a PNG, JPEG, WebP, AVIF, TIFF, GIF or BMP file.",
    );
  });

  it("cut short, empty, damaged", async () => {
    const whole = await fixture("picture-alpha.png");
    await program.write("short.png", whole.subarray(0, whole.length / 2));
    expect(await onPicture("short.png")).toContain("short.png");
    await program.write("empty.png", "");
    expect(await onPicture("empty.png")).toContain("empty.png is empty");
    const photo = await fixture("picture-grey.jpg");
    await program.write("short.jpg", photo.subarray(0, photo.length - 40));
    expect(await onPicture("short.jpg")).toContain("short.jpg");
  });

  it("control characters in a name do not reach the terminal", async () => {
    expect(await onPicture("\u001b[31mred.png")).not.toContain("\u001b");
  });
});

describe("extreme pictures", () => {
  it.each([
    ["1 × 1", 1, 1],
    ["7 × 3", 7, 3],
    ["3 × 2000", 3, 2000],
  ])("%s are enlarged", async (_, width, height) => {
    await program.noise("in.png", { width, height });
    const ended = await program.run("run", await program.graph("sft-gan"), ...RUN, "--out", "Upsample=x.npy");
    expect(ended).toMatchObject({ code: 0, err: "" });
    expect((await program.npy("x.npy")).shape).toEqual([4 * height, 4 * width, 3]);
  });

  it("a result too long for WebP is refused by name, and nothing is written", async () => {
    await program.noise("long.png", { width: 3, height: 4100 });
    const args = ["--set", "Load LR.file=long.png", "--set", "4.blocks=0", "--out", "long.webp"];
    const message = await program.fails(4, "run", await program.graph("sft-gan"), ...args);
    expect(message).toContain("12 × 16400 pixels, and WebP ends at 16383 a side; save it as PNG");
    expect(existsSync(program.path("long.webp"))).toBe(false);
  });
});

describe("bad weights and priors", () => {
  const on = async (setting: string) =>
    program.fails(1, "run", await program.graph("prior-from-file"), "--set", setting, "--out", "x.png");

  it("a pickle that calls a function is not executed", async () => {
    await program.write("evil.pth", Buffer.from("cposix\nsystem\n(S'touch executed'\ntR.", "latin1"));
    expect(await on("Load Model.file=evil.pth")).toContain("evil.pth");
    const legacy = Buffer.from("\x80\x02cposix\nsystem\nX\x0e\0\0\0touch executed\x85R.", "latin1");
    await program.write("evil2.pth", Buffer.concat([(await fixture("weights-views.legacy.pth")).subarray(0, 15), legacy]));
    expect(await on("Load Model.file=evil2.pth")).toContain("evil2.pth");
    expect(existsSync(program.path("executed"))).toBe(false);
  });

  it("a picture, a web page and half a checkpoint are no weights", async () => {
    await program.noise("in.png", { width: 4, height: 3 });
    expect(await on("Load Model.file=in.png")).toContain('"in.png" is not a weights file but a picture');
    await program.write("page.pth", "<!doctype html><p>Not found");
    expect(await on("Load Model.file=page.pth")).toContain("a web page");
    const whole = await fixture("net-sft-net.pth");
    await program.write("half.pth", whole.subarray(0, whole.length / 2));
    expect(await on("Load Model.file=half.pth")).toContain("half.pth");
  });

  it("a prior of another size is refused with both sizes", async () => {
    await program.fixture("net-prior.npy");
    expect(await on("Load Prior.file=net-prior.npy")).toMatch(/40 × 48/);
  });

  it("a prior that promises more than it holds is refused", async () => {
    await program.write("short.npy", (await fixture("net-prior.npy")).subarray(0, 500));
    expect(await on("Load Prior.file=short.npy")).toContain('"short.npy" promises an array');
  });
});

describe("bad graphs", () => {
  it.each([
    ["nothing that exists", "none.json", '"none.json" does not exist: check its name'],
    ["no JSON", "text.json", "is not JSON"],
    ["no graph", "list.json", "this is not a litegraph graph"],
    ["a picture without a graph", "in.png", "the picture carries no graph"],
  ])("%s", async (_, name, message) => {
    await program.write("text.json", "graph TD");
    await program.write("list.json", "[]");
    await program.noise("in.png", { width: 4, height: 3 });
    expect(await program.fails(1, "run", name)).toContain(message);
    expect(await program.fails(1, "check", name)).toContain(message);
  });

  it("that name any file of the machine, which is not even opened", { timeout: 20_000 }, async () => {
    await program.fixture("hostile-kmsg.json");
    const message =
      'the graph names the file "/proc/kmsg", and a graph may name only files in its own folder: give the file by --set';
    expect(await program.fails(1, "run", "hostile-kmsg.json", "--out", "x.png")).toContain(message);
    const checked = await program.run("check", "hostile-kmsg.json");
    expect(checked).toMatchObject({ code: 1, out: expect.stringContaining(message) });
    if (process.platform !== "linux") return;
    const set = await program.fails(1, "run", "hostile-kmsg.json", "--set", "Load LR.file=/proc/kmsg", "--out", "x.png");
    expect(set).toMatch(/is empty|may not be opened/);
  });

  it("a newer version", async () => {
    const change = (graph: StoredJson) => {
      graph.extra = { sftgan: { version: 99 } };
    };
    expect(await onGraph(change)).toContain("format version 99");
  });

  it("an unknown type, said on its node", async () => {
    const change = (graph: StoredJson) => {
      graph.nodes.find(({ id }) => id === 2)!.type = "theirs/segment";
    };
    expect(await onGraph(change)).toContain('there is no node type "theirs/segment"');
  });

  it("text where a number belongs, and a number out of range", async () => {
    const withBlocks = (blocks: unknown) => (graph: StoredJson) => {
      graph.nodes.find(({ id }) => id === 4)!.properties.blocks = blocks;
    };
    expect(await onGraph(withBlocks("process.exit(3)"))).toBe(
      'SFT ResBlock×N (4): blocks is "process.exit(3)": it must be a number',
    );
    expect(await onGraph(withBlocks(20))).toContain('blocks is 20, but "weights:sftgan.safetensors" has 16');
  });

  it("no nodes at all", async () => {
    await program.write("empty.json", '{ "nodes": [], "links": [] }');
    for (const command of ["run", "check"])
      expect(await program.fails(1, command, "empty.json")).toBe(
        '"empty.json": the graph is empty, it has no nodes: give another graph',
      );
  });

  it("nodes that feed one another in a circle, and nothing else", async () => {
    const node = (id: number) => ({ id, type: "sftgan/bicubic-upscale", properties: {} });
    const links = [
      [1, 1, 0, 2, 0, "image"],
      [2, 2, 0, 1, 0, "image"],
    ];
    await program.write("circle.json", JSON.stringify({ nodes: [node(1), node(2)], links }));
    const ended = await program.run("run", "circle.json");
    expect(ended).toMatchObject({ code: 1, out: "" });
    expect(ended.err).toContain("it depends on itself (");
  });

  it("a cycle, said with the nodes on it", async () => {
    const change = (graph: StoredJson) => {
      graph.links.find(([id]) => id === 1)![1] = 5; // Segment sees what Upsample gives
    };
    const ended = await program.run("check", await program.graph("sft-gan", change));
    expect(ended).toMatchObject({ code: 1, err: "" });
    expect(ended.out).toContain("it depends on itself (");
    expect(ended.out).toContain("remove one of these links");
  });

  it("keys that reach prototypes, and HTML in titles, stay text", async () => {
    const change = (graph: StoredJson) => {
      Object.assign(graph.nodes[0]!, { title: "<img src=x onerror=alert(1)>\u001b[2J", serialize: "x", constructor: "y" });
    };
    await program.noise("in.png", { width: 4, height: 3 });
    const ended = await program.run("check", await program.graph("sft-gan", change));
    expect(ended).toMatchObject({ code: 0, err: "" });
  });

  it("a file that is not the one the graph was saved with", async () => {
    await program.noise("in.png", { width: 4, height: 3 });
    const other = await sha256("another file");
    const change = (graph: StoredJson) => {
      graph.nodes[0]!.properties.file = { name: "in.png", sha256: other };
    };
    const message = `"in.png" is not the file the graph was saved with (its SHA-256 begins ${other.slice(0, 8)})`;
    expect(await onGraph(change)).toContain(message);
    expect((await program.run("check", await program.graph("sft-gan", change))).out).toContain(message);
  });
});

describe("standard output that cannot be written", () => {
  it.runIf(process.platform === "linux")("ends the program with one message", async () => {
    await program.fails(2, "nothing"); // the program is built
    await program.noise("in.png", { width: 4, height: 3 });
    await program.fixture("net-srresnet.pth");
    const { root } = await import("../built");
    const commands = ["nodes", "nodes --json", "upscale in.png full-out --model net-srresnet.pth", "--help"];
    for (const command of commands) {
      const shell = `"${process.execPath}" "${root}dist/headless/cli.js" ${command} 2>&1 >/dev/full; echo "$?"`;
      const said = execFileSync("bash", ["-c", shell], { encoding: "utf8", cwd: program.folder });
      expect(said, command).toBe('sftgan: "standard output" does not fit on the disk: make room, or choose another place\n4\n');
    }
  });
});

describe("whoever stops reading", () => {
  it("does no harm", async () => {
    await program.fails(2, "nothing"); // the program is built
    const { root } = await import("../built");
    const command = `"${process.execPath}" "${root}dist/headless/cli.js" nodes --json | head -c 10; echo "\${PIPESTATUS[0]}"`;
    expect(execFileSync("bash", ["-c", command], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })).toMatch(/0\n$/);
  });

  it("of a batch ends it, which says nothing more", async () => {
    const { root } = await import("../built");
    await program.fixture("net-srresnet.pth");
    for (const name of ["a", "b", "c", "d"]) await program.noise(`${name}.png`, { width: 8, height: 8 });
    const upscale = `"${process.execPath}" "${root}dist/headless/cli.js" upscale a.png b.png c.png d.png read --model net-srresnet.pth`;
    // "true" has stopped before the first line: after "head -1" all four could be written before head has ended.
    const command = `${upscale} 2> said.txt | true; echo "\${PIPESTATUS[0]}"`;
    expect(execFileSync("bash", ["-c", command], { encoding: "utf8", cwd: program.folder })).toBe("4\n");
    expect(new TextDecoder().decode(await program.bytes("said.txt"))).toBe("");
    expect((await readdir(program.path("read"))).filter((name) => name.startsWith("."))).toEqual([]);
  });
});

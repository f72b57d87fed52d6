/** `--nodes FILE`: nodes of other people's modules on the command line. */
import { describe, expect, it } from "vitest";
import { Program } from "./program";

const program = Program.prepare();

const MODULE = `export default ({ tf, defineNode, image, number, read, whole, sizeOf }) => defineNode({
  type: "my-nodes/gamma",
  title: "Gamma",
  description: "Raises every sample to a power.",
  inputs: { image: image("the picture") },
  params: { power: number({ default: 1, min: 0.1, max: 5, help: "below 1 is brighter" }) },
  outputs: { image: image("the picture") },
  run: ({ image: { rgb } }, { power }) => ({ image: { rgb: tf.tidy(() => tf.pow(read(rgb, whole(sizeOf(rgb))), power)) } }),
});`;

/** Load LR -> Gamma */
const GRAPH = JSON.stringify({
  nodes: [
    {
      id: 1,
      type: "sftgan/load-lr",
      outputs: [{ name: "image", type: "image", links: [1] }],
      properties: { file: { name: "in.png" } },
    },
    { id: 2, type: "my-nodes/gamma", inputs: [{ name: "image", type: "image", link: 1 }], properties: { power: 2 } },
  ],
  links: [[1, 1, 0, 2, 0, "image"]],
});

async function files(): Promise<void> {
  await program.noise("in.png", { width: 6, height: 4 });
  await program.write("gamma.mjs", MODULE);
  await program.write("graph.json", GRAPH);
}

describe("--nodes", () => {
  it("runs a graph with the node, and sets its parameters", async () => {
    await files();
    const args = ["run", "graph.json", "--nodes", "gamma.mjs", "--set", "Gamma.power=3"];
    const outs = ["--out", "Load LR=in.npy", "--out", "Gamma=out.npy"];
    expect(await program.run(...args, ...outs)).toMatchObject({ code: 0, err: "" });
    const [before, after] = [await program.npy("in.npy"), await program.npy("out.npy")];
    expect(after.shape).toEqual(before.shape);
    const wrong = [...before.data].filter((sample, i) => Math.abs(sample ** 3 - after.data[i]!) > 1e-5);
    expect(wrong).toEqual([]);
  });

  it("lets check know the node, which it does not without", async () => {
    await files();
    expect(await program.run("check", "graph.json", "--nodes", "gamma.mjs")).toMatchObject({ code: 0 });
    const without = await program.run("check", "graph.json");
    expect([without.code, without.out]).toEqual([1, expect.stringContaining('there is no node type "my-nodes/gamma"')]);
  });

  it("lists the nodes of several modules beside ours", async () => {
    await files();
    await program.write("other.mjs", MODULE.replaceAll("gamma", "other"));
    const { out } = await program.run("nodes", "--nodes", "gamma.mjs", "--nodes", "other.mjs");
    for (const type of ["sftgan/load-lr", "my-nodes/gamma", "my-nodes/other"]) expect(out).toContain(`[${type}]`);
    expect(out).toMatch(/^ {2}set +power +0\.1…5 +below 1 is brighter/m);
  });

  it("refuses with one message what is no module of nodes", async () => {
    await files();
    await program.write("broken.mjs", "export default {");
    await program.write("import.mjs", 'import "not-installed"; export default [];');
    await program.write("empty.mjs", "export const gamma = 1;");
    await program.write("ours.mjs", MODULE.replace("my-nodes/gamma", "sftgan/load-lr"));
    const message = (code: number, ...paths: string[]) =>
      program.fails(code, "nodes", ...paths.flatMap((path) => ["--nodes", path]));
    expect(await message(1, "gone.mjs")).toContain('"gone.mjs" does not exist');
    expect(await message(2, "broken.mjs")).toContain('--nodes "broken.mjs" cannot be loaded (');
    expect(await message(2, "import.mjs")).toContain("give a JavaScript module that imports nothing");
    expect(await message(2, "empty.mjs")).toContain('"empty.mjs" has no node as its default export');
    expect(await message(2, "ours.mjs")).toContain("names that begin with");
    expect(await message(2, "gamma.mjs", "gamma.mjs")).toContain("another node has this type");
  });

  it("is the only way to name a module: a graph that names one runs nothing of it", async () => {
    await files();
    await program.write("evil.mjs", 'process.stdout.write("run");');
    const graph = JSON.parse(GRAPH) as { nodes: object[]; extra?: object };
    graph.extra = { nodes: ["evil.mjs"], sftgan: { nodes: ["evil.mjs"] } };
    await program.write("evil.json", JSON.stringify({ ...graph, modules: ["evil.mjs"] }));
    const { out } = await program.run("check", "evil.json");
    expect(out).not.toContain("run");
  });
});

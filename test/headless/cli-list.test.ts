/** `sftgan nodes`, `sftgan check`, help and version. */
import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { version } from "../../package.json";
import { root } from "../built";
import { Program } from "./program";

const program = Program.prepare();

describe("sftgan nodes", () => {
  it("lists every node, socket and parameter", async () => {
    const { code, out, err } = await program.run("nodes");
    expect([code, err]).toEqual([0, ""]);
    for (const { title, type, inputs, params, outputs } of definitions) {
      expect(out).toContain(`${title}  [${type}]`);
      for (const name of Object.keys({ ...inputs, ...params, ...outputs }))
        expect(out).toMatch(new RegExp(`^  \\w+ +${name} `, "m"));
    }
  });

  it("gives the same as JSON", async () => {
    const { out } = await program.run("nodes", "--json");
    expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(definitions)));
  });
});

describe("sftgan check", () => {
  it("finds nothing wrong with the ready graphs", async () => {
    for (const name of (await readdir(`${root}graphs`)).filter((name) => name.endsWith(".json")))
      expect(await program.run("check", `${root}graphs/${name}`)).toMatchObject({ code: 0, err: "" });
  });

  it("says everything that is wrong, and where", async () => {
    const graph = await program.graph("sft-gan", ({ nodes, links }) => {
      nodes[0]!.properties.file = { name: "gone.png" };
      nodes.find(({ id }) => id === 6)!.properties.quality = "best";
      links.splice(0, 1);
    });
    const { code, out } = await program.run("check", graph);
    expect(code).toBe(1);
    expect(out).toContain('Load LR (1): the file "gone.png" is not here');
    expect(out).toContain('Save (6): quality is "best": it must be a number');
    expect(out).toContain('Segment (2): its input "image" is not connected');
    const listed = JSON.parse((await program.run("check", graph, "--json")).out) as { node: string }[];
    expect(listed.map(({ node }) => node).sort()).toEqual(["1", "2", "6"]);
  });

  it("says what modes leave out, which is nothing wrong by itself", async () => {
    const muted = await program.graph("sft-gan", ({ nodes }) => {
      Object.assign(nodes.find(({ id }) => id === 6)!, { mode: 2 });
    });
    const ended = await program.run("check", muted);
    expect(ended).toMatchObject({ code: 0, err: "" });
    expect(ended.out).toMatch(/^Save \(6\): it is muted \(mode “never”\): it does not run\n.*: nothing is wrong\n$/);
    expect(JSON.parse((await program.run("check", muted, "--json")).out)).toEqual([
      { node: "6", title: "Save", note: expect.stringContaining("muted") },
    ]);
    expect(await program.fails(1, "run", muted, "--out", "x.png")).toContain("Save (6): it is muted");
    for (const [name, mode] of [
      ["muted_segment", "is muted: set"],
      ["bypass_segment", "is bypassed and has no prior to hand on"],
    ] as const) {
      const { code, out } = await program.run("check", `${root}test/cases/graphs/${name}.json`);
      expect(code).toBe(1);
      expect(out).toContain(`Condition Net (3): its input "prior" comes from "Segment" (node 2), which ${mode}`);
    }
  });
});

describe("ready graphs by name", () => {
  it("stand wherever a graph file does, and help and messages say which there are", async () => {
    expect(await program.run("check", "graph:sft-gan")).toMatchObject({ code: 0, err: "" });
    const files = (await readdir(`${root}graphs`)).filter((name) => name.endsWith(".json"));
    const [message, help] = [await program.fails(2, "run", "graph:sftgan"), (await program.run("run", "--help")).out];
    expect(message).toMatch(/^there is no ready graph "graph:sftgan": choose one of graph:ablation, /);
    for (const name of files.map((file) => file.slice(0, -".json".length)))
      for (const text of [message, help]) expect(text).toContain(name);
    expect(await program.fails(2, "check", "graph:../package")).toContain("there is no ready graph");
  });
});

describe("help and version", () => {
  it("are printed for all and for each command", async () => {
    expect((await program.run("--version")).out).toBe(`${version}\n`);
    const help = await program.run("--help");
    expect(help).toMatchObject({ code: 0, err: "" });
    expect(await program.run("help")).toEqual(help);
    expect(await program.fails(2, "help", "enlarge")).toContain('there is no command "enlarge"');
    for (const command of ["run", "upscale", "nodes", "check"]) {
      expect(help.out).toContain(command);
      const own = await program.run(command, "--help");
      expect(own).toMatchObject({ code: 0, err: "" });
      expect(own.out).toContain(`Usage: sftgan ${command}`);
      expect((await program.run(command, "--version")).out).toBe(`${version}\n`);
      expect(await program.run("help", command)).toEqual(own);
    }
  });
});

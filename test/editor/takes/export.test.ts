import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { definitions } from "../../../nodes";
import { type ExportParts, exportTakes } from "../../../src/editor/takes/export";
import { readGraph } from "../../../src/graph/clean";
import { sha256 } from "../../../src/graph/file";
import { cutRecipe, filesIn, withoutData } from "../../../src/graph/recipe";
import type { StoredGraph } from "../../../src/graph/stored";
import { addTake, NO_TAKES, readTakes, renameTake } from "../../../src/graph/takes";
import { constant, definition, takesOf, withinGraph } from "./graphs";

/** An engine whose pictures hold the graph that they are made of. */
function parts(change: Partial<ExportParts> = {}, refuse = ""): ExportParts & { readonly steps: string[] } {
  const steps: string[] = [];
  return {
    steps,
    definitions: definition,
    progress: (done, total, name) => void steps.push(`${done} of ${total}: ${name}`),
    isStopped: () => false,
    engine: {
      async encode(graph, node, options) {
        const text = JSON.stringify({ graph, node, options });
        if (refuse && text.includes(refuse)) throw new Error("Constant Prior: no luck: try again");
        return { bytes: new TextEncoder().encode(text), type: "image/png" };
      },
      readFile: async () => undefined,
    },
    ...change,
  };
}
const open = (zip: Uint8Array) =>
  Object.fromEntries(Object.entries(unzipSync(zip)).map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]));
const graph = withinGraph(constant("water"), takesOf("plant", "sky"));

describe("the export of takes", () => {
  it("is a picture of each result and each prior, made of the take alone, and a graph that opens with all takes", async () => {
    const own = parts();
    const { zip, left } = await exportTakes(graph, own);
    const files = open(zip);
    expect(Object.keys(files).sort()).toEqual(["plant-prior.png", "plant.png", "sky-prior.png", "sky.png", "takes.json"]);
    expect(left).toEqual([]);
    expect(own.steps).toEqual(["0 of 2: plant", "1 of 2: sky"]);
    const {
      graph: made,
      node,
      options,
    } = JSON.parse(files["plant.png"]!) as { graph: StoredGraph; node: string; options: object };
    expect(options).toEqual({ scope: "export" });
    expect(made.nodes.find(({ id }) => String(id) === node)!.type).toBe("sftgan/save");
    expect(made.nodes.map(({ properties }) => properties?.class).filter(Boolean)).toEqual(["plant"]);
    expect(files["plant-prior.png"]).toContain("sftgan/view-prior");
    expect(readTakes(readGraph(files["takes.json"]!))).toEqual({ takes: takesOf("plant", "sky"), problems: [] });
  });

  it("gives every file a name of its own that file systems take", async () => {
    let takes = takesOf("plant", "sky", "water", "grass", "animal");
    for (const [i, name] of ["../a:b", "A?B", "a b", "takes", "a b-prior"].entries()) takes = renameTake(takes, i, name);
    const names = Object.keys(open((await exportTakes(withinGraph(constant("sky"), takes), parts())).zip));
    expect(names).toHaveLength(11);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(11);
    for (const name of names) expect(name).toMatch(/^[^/\\:?*<>|".]+\.(png|json)$/);
  });

  it("leaves out a take that cannot be computed, with a message, and refuses where none can", async () => {
    const { zip, left } = await exportTakes(graph, parts({}, '"class":"sky"'));
    expect(Object.keys(open(zip)).sort()).toEqual(["plant-prior.png", "plant.png", "takes.json"]);
    expect(left).toEqual(["“sky” is not among the pictures: Constant Prior: no luck: try again"]);
    await expect(exportTakes(graph, parts({}, "class"))).rejects.toThrow("“plant” is not among the pictures");
    await expect(exportTakes(constant("sky"), parts())).rejects.toThrow("there are no takes: keep one first");
  });

  it("saves nothing once it is stopped", async () => {
    await expect(exportTakes(graph, parts({ isStopped: () => true }, "class"))).rejects.toThrow(
      "the export was stopped: nothing has been saved",
    );
  });

  it("carries the files that takes need, each once, and names those that are not here", async () => {
    const bytes = new TextEncoder().encode("a picture");
    const file = { name: "a.png", sha256: await sha256(bytes) };
    const takes = addTake(NO_TAKES, "x", await withoutData(cutRecipe(constant("sky", file), 5, "image", definitions)));
    const kept = withinGraph(constant("sky"), takes); // the graph itself has another picture by now
    const { readFile } = { readFile: async () => bytes };
    const here = parts();
    const found = await exportTakes(kept, { ...here, engine: { ...here.engine, readFile } });
    const opened = readGraph(open(found.zip)["takes.json"]!);
    expect([...(await filesIn(opened)).keys()]).toEqual([file.sha256]);
    expect(found.left).toEqual([]);
    const { left } = await exportTakes(kept, here);
    expect(left).toEqual(["files too large or not here are left out of takes.json: a.png"]);
  });
});

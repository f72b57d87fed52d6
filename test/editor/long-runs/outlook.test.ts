import { afterEach, describe, expect, it, vi } from "vitest";
import ready from "../../../graphs/sft-gan.json";
import { definitions } from "../../../nodes";
import type { Forecast } from "../../../src/browser/protocol";
import { Outlook } from "../../../src/editor/long-runs/outlook";
import type { StoredGraph } from "../../../src/graph/stored";

const graph = ready as unknown as StoredGraph;
const definition = (type: string) => definitions.find((def) => def.type === type);
const has = (stored: StoredGraph, type: string) => stored.nodes.some((node) => node.type === type);

/** A photo of 400 × 300; a run that costs `work`, a fifth with lite, a tenth with a crop. */
function outlook(work: number, msPerWork?: number) {
  let asked = 0;
  const forecast = async (stored: StoredGraph): Promise<Forecast> => {
    asked++;
    const share = has(stored, "sftgan/crop") ? 0.1 : has(stored, "sftgan/load-model") ? 0.2 : 1;
    return { multiplyAdds: work * share, bytes: 5e6, ...(msPerWork && { ms: work * share * msPerWork }) };
  };
  const view = async () => ({ bitmap: { close() {} } as ImageBitmap, size: { width: 400, height: 300 }, key: "k" });
  const made = new Outlook({ engine: { forecast, view: view as never }, definitions: definition });
  return { made, asked: () => asked };
}

describe("The outlook of a run", () => {
  afterEach(() => void vi.useRealTimers());

  it("that is short is nothing to speak of; of a long one it says how long, and what makes it shorter", async () => {
    expect(await outlook(50_000, 1).made.before(graph, undefined)).toBeUndefined();
    const long = (await outlook(300_000, 1).made.before(graph, undefined))!;
    expect([long.ms, long.bytes]).toEqual([300_000, 5e6]);
    expect(long.remedies.map(({ label, ms }) => [label, ms])).toEqual([
      ["Crop to 96 × 64", 30_000],
      ["Take lite, smaller weights", 60_000],
    ]);
  });

  it("on a device where nothing has been measured is said once, while it runs, without asking an engine that computes", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const { made, asked } = outlook(300_000);
    expect(await made.before(graph, undefined)).toBeUndefined();
    const before = asked();
    expect(await made.during(graph, 200_000)).toBeUndefined(); // too early: its first guesses are rough
    vi.advanceTimersByTime(7000);
    expect(await made.during(graph, 20_000)).toBeUndefined();
    const remedies = (await made.during(graph, 300_000))!;
    expect(remedies.map(({ label, ms }) => [label, Math.round(ms)])).toEqual([
      ["Crop to 96 × 64", 15_360],
      ["Take lite, smaller weights", 60_000],
    ]);
    expect(asked()).toBe(before);
    expect(await made.during(graph, 300_000)).toBeUndefined();
  });

  it("offers what goes into the graph as it has become since", async () => {
    const remedies = (await outlook(300_000, 1).made.before(graph, undefined))!.remedies;
    const edited = { ...graph, nodes: graph.nodes.map((node) => ({ ...node, pos: [7, 8] as [number, number] })) };
    for (const { remedied } of remedies)
      expect(remedied(edited)!.graph.nodes.filter(({ pos }) => pos?.[0] === 7)).toHaveLength(graph.nodes.length);
    const empty = { ...graph, nodes: [], links: [] };
    expect(remedies.map(({ remedied }) => remedied(empty))).toEqual([undefined, undefined]);
  });

  it("offers no crop of what is cropped already", async () => {
    const crop = (await outlook(300_000, 1).made.before(graph, undefined))!.remedies[0]!.remedied(graph)!.graph;
    const again = await outlook(9_000_000, 1).made.before(crop, undefined);
    expect(again!.remedies.map(({ label }) => label)).not.toContainEqual(expect.stringMatching(/^Crop/));
  });
});

/** @comfyorg/litegraph, the fork that ComfyUI had: the README says that it works. */
import { LGraph, LGraphCanvas, LiteGraph } from "@comfyorg/litegraph";
import { afterEach, describe, expect, it } from "vitest";
import { definitions } from "../../nodes";
import { type Attachment, attach, load, register, save, stateOf } from "../../src/litegraph";
import { FakeEngine, type LGraphNode, type LGraph as OurGraph, storedNode } from "./fake";

register(LiteGraph as never, definitions);

let attachment: Attachment | undefined;
afterEach(() => attachment?.detach());

/** Load LR -> Bicubic Upscale -> Preview */
function chain() {
  const graph = new LGraph() as unknown as OurGraph;
  const nodes = ["load-lr", "bicubic-upscale", "preview"].map((name, i) => {
    const node = LiteGraph.createNode(`sftgan/${name}`) as unknown as LGraphNode;
    node.pos = [30 + 300 * i, 60];
    graph.add(node);
    return node;
  });
  nodes[0]!.connect(0, nodes[1]!, 0);
  nodes[1]!.connect(0, nodes[2]!, 0);
  return { graph, nodes };
}

describe("In @comfyorg/litegraph", () => {
  it("nodes are made, wired, changed and run", async () => {
    const { graph, nodes } = chain();
    const engine = new FakeEngine();
    attachment = attach(graph, { engine, auto: false });
    nodes[0]!.setProperty("file", { name: "sample:scene.png" });
    expect(await attachment.run()).toMatchObject({ cancelled: false, errors: {} });
    const [run] = engine.runs;
    expect(run!.links).toHaveLength(2);
    expect(storedNode(run!, Number(nodes[0]!.id)).properties).toMatchObject({ file: { name: "sample:scene.png" } });
    expect(nodes.map((node) => stateOf(node).phase)).toEqual(["finished", "finished", "finished"]);
  });

  it("graphs are saved and loaded, unknown nodes among them", () => {
    const { graph } = chain();
    const stored = JSON.parse(JSON.stringify(save(graph)));
    stored.nodes.push({ id: 9, type: "vendor/unknown", pos: [0, 400], properties: { kept: 1 } });
    const again = new LGraph() as unknown as OurGraph;
    load(again, stored);
    const out = save(again);
    expect(out.nodes.map(({ type }) => type)).toEqual([
      "sftgan/load-lr",
      "sftgan/bicubic-upscale",
      "sftgan/preview",
      "vendor/unknown",
    ]);
    expect(out.links.map((link) => link.slice(1, 5))).toEqual(stored.links.map((link: unknown[]) => link.slice(1, 5)));
    expect(storedNode(out, 9).properties).toEqual({ kept: 1 });
  });

  it.skipIf(typeof document === "undefined")("nodes are drawn, with their accents and the picture of a result", async () => {
    const { graph, nodes } = chain();
    attachment = attach(graph, { engine: new FakeEngine(), auto: false });
    const element = Object.assign(document.createElement("canvas"), { width: 1000, height: 600 });
    document.body.append(element);
    const canvas = new LGraphCanvas(element, graph as never, { skip_render: true });
    const colour = (x: number, y: number) => [...element.getContext("2d")!.getImageData(x, y, 1, 1).data];
    const [left, top] = nodes[2]!.pos as [number, number];
    await attachment.run();
    canvas.draw(true, true);
    expect(colour(left + 60, top + 1)).toEqual([0x5b, 0x9d, 0xff, 255]);
    const [width, height] = nodes[2]!.size as [number, number];
    const middle = () => colour(Math.round(left + width / 2), Math.round(top + height / 2));
    await expect.poll(() => (canvas.draw(true, true), middle())).toEqual([10, 200, 30, 255]);
    canvas.stopRendering();
    element.remove();
  });
});

/**
 * What panning a large graph costs: the editor's frame by that of bare litegraph with the same nodes and wires, turn by turn in one
 * page, after a warm-up of each. Every frame draws all anew. Frames are drawn at once and read back, so that what the browser
 * leaves for later is counted, and by the processor, so that nothing else is waited for: Chromium runs without a GPU.
 *
 * What bare litegraph draws: from 60 % on rounded nodes with shadows and all text, below it rectangles and no text but that of
 * controls above 50 %, and at no zoom outlines, pictures, footers or dots. Ours are measured once nothing runs, with the pictures
 * that have come.
 *
 *   node bench/pan.mjs [--nodes 1000] [--frames 40] [--pairs 7] [--zooms 1,0.7,0.6,0.5,0.4,0.3,0.15]
 */
import { parseArgs } from "node:util";
import { chromium } from "playwright";
import { chromium as launchOptions, NO_WEBGL } from "../scripts/chromium.mjs";
import { serve } from "./serve.mjs";

/** The editor's frame is to take at most so many times as long. */
const TARGET = 1.3;
const { values } = parseArgs({
  options: {
    nodes: { type: "string", default: "1000" },
    frames: { type: "string", default: "40" },
    pairs: { type: "string", default: "7" },
    zooms: { type: "string", default: "1,0.7,0.6,0.5,0.4,0.3,0.15" },
  },
});

/** Nodes of ours in rows of ten, each wired to the next. */
function largeGraph(count) {
  const [rows, links, nodes] = [10, [], []];
  for (let i = 0; i < count; i++) {
    const last = i % rows === rows - 1;
    nodes.push({
      id: i + 1,
      type: i % rows === 0 ? "sftgan/load-lr" : "sftgan/crop",
      pos: [300 * (i % rows), 320 * Math.floor(i / rows)],
      flags: {},
      mode: 0,
      inputs: i % rows === 0 ? [] : [{ name: "image", type: "image", link: i }],
      outputs: [{ name: "image", type: "image", links: last ? null : [i + 1] }],
      properties: {},
    });
    if (!last) links.push([i + 1, i + 1, 0, i + 2, 0, "image"]);
  }
  return { last_node_id: count, last_link_id: count, nodes, links, groups: [], config: {}, extra: {}, version: 0.4 };
}

/** In the page: milliseconds for a frame of each, pair by pair, at a zoom. */
async function measure({ graph, frames, pairs, scale }) {
  const { canvas: own, document: doc } = window.__editor;
  doc.replace(graph, "open", { fit: true });
  for (let still = 0; still < 10; still = window.__editor.busy || !window.__editor.runner.idle ? 0 : still + 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const loaded = performance.getEntriesByType("resource").find(({ name }) => name.includes("litegraph__core"));
  const module = await import(loaded.name);
  const { LGraph, LGraphCanvas, LiteGraph } = module.LGraph ? module : module.default;
  const live = window.__editor.graph;
  const element = document.createElement("canvas");
  Object.assign(element, { width: own.canvas.width, height: own.canvas.height });
  const bare = new LGraph();
  const copies = new Map();
  for (const node of live._nodes) {
    const type = `bare/${node.type.split("/")[1]}`;
    if (!LiteGraph.registered_node_types[type]) {
      const { inputs = [], outputs = [], widgets = [] } = node;
      LiteGraph.registerNodeType(
        type,
        class {
          constructor() {
            for (const { name, type } of inputs) this.addInput(name, type);
            for (const { name, type } of outputs) this.addOutput(name, type);
            for (const { name } of widgets) this.addWidget("number", name, 0, () => {});
          }
        },
      );
    }
    const copy = LiteGraph.createNode(type);
    Object.assign(copy, { pos: [...node.pos], size: [...node.size], title: node.title });
    bare.add(copy);
    copies.set(node.id, copy);
  }
  for (const link of Object.values(live.links))
    copies.get(link.origin_id).connect(link.origin_slot, copies.get(link.target_id), link.target_slot);
  const other = new LGraphCanvas(element, bare, { skip_render: true, autoresize: false });
  const frame = (canvas, i) => {
    canvas.ds.scale = scale;
    canvas.ds.offset[0] = -5 * i;
    canvas.ds.offset[1] = -9 * i;
    canvas.setDirty(true, true);
    canvas.draw(true, true);
    canvas.ctx.getImageData(0, 0, 1, 1);
  };
  const time = (canvas) => {
    const start = performance.now();
    for (let i = 0; i < frames; i++) frame(canvas, i);
    return (performance.now() - start) / frames;
  };
  time(own);
  time(other);
  const found = [];
  for (let i = 0; i < pairs; i++) {
    const first = i % 2 ? other : own;
    const [a, b] = [time(first), time(first === own ? other : own)];
    found.push(first === own ? [a, b] : [b, a]);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return found;
}

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

const server = await serve();
const browser = await chromium.launch(launchOptions(NO_WEBGL));
try {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 720 } })).newPage();
  await page.goto(server.resolvedUrls?.local[0] ?? "");
  await page.waitForFunction(() => window.__editor);
  const graph = largeGraph(Number(values.nodes));
  for (const scale of values.zooms.split(",").map(Number)) {
    const pairs = await page.evaluate(measure, { graph, frames: Number(values.frames), pairs: Number(values.pairs), scale });
    const ratios = pairs.map(([own, bare]) => own / bare);
    const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
    const ms = (i) => median(pairs.map((pair) => pair[i])).toFixed(1);
    console.log(
      `${graph.nodes.length} nodes at ${Math.round(100 * scale)} %: ${ms(0)} ms by ${ms(1)} ms a frame, ratio ${median(ratios).toFixed(2)}, ${spread} (at most ${TARGET})`,
    );
  }
} finally {
  await browser.close();
  await server.close();
}

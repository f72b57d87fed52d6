/**
 * A page of somebody else's: plain litegraph.js, nodes of its own, and ours added by two calls. Its number feeds a parameter
 * of ours, its painting takes the place of Load LR, and its screen draws our picture.
 */
import { LGraph, LGraphCanvas, LGraphNode, LiteGraph } from "litegraph.js";
import "litegraph.js/css/litegraph.css";
import { attach, load, register } from "../../src/index"; // for you: from "litegraph-sftgan"

// The page's own nodes

class Constant extends LGraphNode {
  static override title = "Page's number";
  constructor() {
    super("Page's number");
    this.addOutput("value", "number");
    this.properties = { value: 2 };
  }
  override onExecute(): void {
    this.setOutputData(0, this.properties.value);
  }
}

class Painting extends LGraphNode {
  static override title = "Page's painting";
  readonly canvas = Object.assign(document.createElement("canvas"), { width: 48, height: 32 });
  constructor() {
    super("Page's painting");
    this.addOutput("picture", "image");
    this.size = [200, 170];
    this.paint(0);
  }
  /** A sky, a meadow and a sun whose place depends on `seed`. */
  paint(seed: number): void {
    const ctx = this.canvas.getContext("2d")!;
    ctx.fillStyle = "#6fa8dc";
    ctx.fillRect(0, 0, 48, 18);
    ctx.fillStyle = "#38761d";
    ctx.fillRect(0, 18, 48, 14);
    ctx.fillStyle = "#ffd966";
    ctx.beginPath();
    ctx.arc(8 + ((seed * 11) % 34), 8, 5, 0, 2 * Math.PI);
    ctx.fill();
  }
  override onExecute(): void {
    this.setOutputData(0, this.canvas);
  }
  override onDrawForeground(ctx: CanvasRenderingContext2D): void {
    ctx.drawImage(this.canvas, 10, 30, 180, 120);
  }
}

class Screen extends LGraphNode {
  static override title = "Page's screen";
  picture: HTMLCanvasElement | undefined;
  constructor() {
    super("Page's screen");
    this.addInput("picture", "image");
    this.size = [310, 250];
  }
  override onExecute(): void {
    this.picture = this.getInputData<HTMLCanvasElement>(0);
  }
  override onDrawForeground(ctx: CanvasRenderingContext2D): void {
    if (!this.picture) return;
    const scale = Math.min(290 / this.picture.width, 210 / this.picture.height);
    ctx.drawImage(this.picture, 10, 30, this.picture.width * scale, this.picture.height * scale);
  }
}

LiteGraph.registerNodeType("page/number", Constant);
LiteGraph.registerNodeType("page/painting", Painting);
LiteGraph.registerNodeType("page/screen", Screen);

// Ours, and a graph of both

register(LiteGraph);

const graph = new LGraph();
const add = <T extends LGraphNode>(type: string, x: number, y: number): T => {
  const node = LiteGraph.createNode<T>(type);
  node.pos = [x, y];
  graph.add(node);
  return node;
};

const constant = add<Constant>("page/number", 20, 300);
const painting = add<Painting>("page/painting", 20, 60);
const segment = add("sftgan/segment", 260, 60);
const conditionNet = add("sftgan/condition-net", 500, 60);
const blocks = add("sftgan/sft-resblocks", 500, 330);
const upsample = add("sftgan/upsample", 740, 60);
const screen = add<Screen>("page/screen", 960, 60);

blocks.addInput("blocks", "number"); // or by hand: right-click the node, Inputs, blocks
painting.connect("picture", segment, "image");
painting.connect("picture", blocks, "image");
constant.connect("value", blocks, "blocks");
segment.connect("prior", conditionNet, "prior");
conditionNet.connect("condition", blocks, "condition");
conditionNet.connect("condition", upsample, "condition");
blocks.connect("features", upsample, "features");
upsample.connect("image", screen, "picture");

const canvas = new LGraphCanvas("#canvas", graph);
const attachment = attach(graph); // runs after every change, the page's own values included
graph.start(); // the page's own loop

// The page around it

const status = document.querySelector("#status")!;
attachment.addEventListener("progress", ({ detail }) => {
  status.textContent = `${detail.done} of ${detail.total} nodes`;
});
attachment.addEventListener("notice", ({ detail }) => {
  status.textContent = detail.message; // what is wrong with a node is said on the node
});
document.querySelector<HTMLInputElement>("#blocks")!.addEventListener("input", (event) => {
  constant.properties.value = (event.target as HTMLInputElement).valueAsNumber;
});
let paintings = 0;
document.querySelector("#paint")!.addEventListener("click", () => painting.paint(++paintings));

/** For the test that drives this page. */
const page = {
  LiteGraph,
  load,
  graph,
  canvas,
  attachment,
  nodes: { constant, painting, segment, conditionNet, blocks, upsample, screen },
};
declare global {
  interface Window {
    __page?: typeof page;
  }
}
window.__page = page;

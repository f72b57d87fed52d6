/** A graph in miniature, as an element of the page. */
import type { StoredGraph } from "../../graph/stored";
import { drawSketch } from "../../litegraph/sketch";
import { h } from "../dom";

/** A decorative drawing, in the page's colours as of now. */
export function sketchOf(graph: StoredGraph, width: number, height: number): HTMLCanvasElement {
  const ratio = window.devicePixelRatio || 1;
  const canvas = h("canvas", { class: "graph-sketch", width: width * ratio, height: height * ratio, "aria-hidden": "true" });
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  const style = getComputedStyle(document.documentElement);
  context.scale(ratio, ratio);
  drawSketch(
    context,
    graph,
    width,
    height,
    (type) => (/^[a-z]+$/.test(type) && style.getPropertyValue(`--socket-${type}`)) || style.getPropertyValue("--socket-other"),
  );
  return canvas;
}

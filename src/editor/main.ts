/** The page's start: litegraph, our nodes and the engine, handed to the editor. */
import { LGraph, LiteGraph } from "litegraph.js/build/litegraph.core.js";
import { definitions } from "../../nodes";
import { createEngine } from "../browser/client";
import { attach, load, register, save } from "../litegraph";
import { theme } from "../litegraph/theme";
import { createEditor, type EditorHandle } from "./editor";
import { readyGraphs } from "./graphs";
import "./style.css";

declare global {
  interface Window {
    /** For tests that drive this page; nothing of ours reads it. */
    __editor?: EditorHandle;
  }
}

document.documentElement.style.setProperty("--canvas", theme.canvas);
register(LiteGraph, definitions);
const engine = createEngine();
window.__editor = await createEditor({
  root: document.getElementById("editor")!,
  graph: new LGraph(),
  definitions,
  ready: readyGraphs,
  engine,
  io: { load, save },
  attach: (graph, { auto }) => attach(graph, { engine, auto }),
});

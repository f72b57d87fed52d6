/** The page's start: litegraph, our nodes and the engine, handed to the editor. */

import "./style.css"; // before those of the page's parts, which say what is different there
import definitions from "virtual:schemas";
import { LGraph, LiteGraph } from "litegraph.js/build/litegraph.core.js";
import { createEngine } from "../browser/client";
import { cleanGraph } from "../graph/clean";
import { ready } from "../graph/parse";
import { attach, load, patch, register, save } from "../litegraph";
import { graphInAddress, readAddress } from "./app/address";
import { createEditor } from "./editor";
import { readyGraphs } from "./graphs";
import type { EditorHandle } from "./handle";
import { openMenu } from "./menu";
import { loadSettings } from "./settings";
import { createThemes } from "./theme/themes";
import "./narrow.css"; // after all others

declare global {
  interface Window {
    /** For tests that drive this page, and for what this file hands to litegraph before there is an editor. */
    __editor?: EditorHandle;
  }
}

Object.assign(LiteGraph, { release_link_on_empty_shows_menu: true });
register(LiteGraph, definitions, {
  menu: (entries, event) => openMenu({ x: event.clientX, y: event.clientY }, entries, "Choices"),
  editors: {
    strokes: {
      label: "Paint",
      help: "Paints classes over the photo",
      open: (node) => window.__editor?.paint(Number(node.id)),
    },
    regions: {
      label: "Open",
      help: "Shows the sheet on the whole page, to choose from",
      open: (node) => window.__editor?.sheet(Number(node.id)),
    },
    photos: {
      label: "Photos",
      help: "Lists several photos, to choose one or to run all of them",
      open: () => window.__editor?.photos(),
    },
  },
});
const graph = new LGraph();
const { source } = readAddress(location.href);
const themes = createThemes(graph, loadSettings().look);
const engine = createEngine({ preload: true, kernels: loadSettings().kernels });
window.__editor = await createEditor({
  root: document.getElementById("editor")!,
  graph,
  themes,
  definitions,
  ready: readyGraphs,
  engine,
  io: { read: (json) => ready(cleanGraph(json), definitions), load, patch, save },
  attach: (graph, { auto }) => attach(graph, { engine, auto }),
  brought: source?.kind === "data" ? () => graphInAddress(source.text) : undefined,
});
// The graph is kept by now: what is loaded again is what has become of it.
history.replaceState(null, "", location.pathname + location.search);
addEventListener("hashchange", () => readAddress(location.href).source && location.reload());

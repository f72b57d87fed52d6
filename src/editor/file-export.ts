/** Files on their way out: the graph, the graph with its files inside, the picture of a Save node. */
import type { LGraphNode } from "litegraph.js/build/litegraph.core.js";
import type { Engine } from "../browser/protocol";
import { isOff, modeOf } from "../graph/modes";
import type { FileRef } from "../graph/node";
import type { StoredNode } from "../graph/stored";
import { flat } from "../graph/subgraphs";
import type { Attachment } from "../litegraph/attachment";
import { download, fileName } from "../litegraph/download";
import type { GraphDocument } from "./document";
import { withFiles } from "./embedding";
import type { NodeActions } from "./node-actions";
import type { Toasts } from "./toasts";

export interface FileExport {
  saveGraph(): void;
  exportWithFiles(): Promise<void>;
  /** The picture of the selected Save nodes, or of the only one that runs, wherever in the graph's subgraphs it is. */
  savePicture(): Promise<void>;
  /** The weights that a node reads, as an ONNX model. */
  exportOnnx(node: LGraphNode): Promise<void>;
}

export function createFileExport(
  document: GraphDocument,
  nodes: NodeActions,
  engine: Pick<Engine, "readFile" | "exportOnnx">,
  runner: Pick<Attachment, "download">,
  toasts: Toasts,
): FileExport {
  return {
    saveGraph: () =>
      download(JSON.stringify(document.stored(), null, 1), "application/json", fileName(document.title, "json", "graph")),

    async exportWithFiles() {
      try {
        const { graph, left } = await withFiles(document.stored(), nodes.definition, engine);
        download(JSON.stringify(graph), "application/json", fileName(`${document.title} with files`, "json", "graph"));
        if (left.length) toasts.show(`Too large or not here, so left out: ${left.join(", ")}.`, "error");
      } catch (error) {
        toasts.fail(error);
      }
    },

    async exportOnnx(node) {
      try {
        const ref = node.properties.file as FileRef | null;
        if (!ref) throw new Error("There are no weights yet: drop a checkpoint on the node, or choose a file.");
        const name = ref.name.replace(/^weights:|\.(safetensors|pth|pt)$/gi, "");
        download(new Uint8Array(await engine.exportOnnx(ref)), "application/octet-stream", `${name}.onnx`);
      } catch (error) {
        toasts.fail(error);
      }
    },

    async savePicture() {
      const all = flat(document.stored()).graph.nodes;
      const savers = all.filter(({ type }) => "file" in (nodes.definition(type)?.outputs ?? {}));
      const isSelected = ({ id }: StoredNode) => nodes.selected.some((node) => node.id === id);
      const selected = savers.filter(isSelected);
      const running = savers.filter((node) => !isOff(modeOf(node)));
      const chosen = selected.length ? selected : running.length ? running : savers; // one that is off says so
      if (!chosen.length) toasts.show("There is no Save node: add one and connect the picture to it.", "error");
      else if (chosen.length > 1 && !selected.length)
        toasts.show(`There are ${chosen.length} Save nodes: select the one to save.`, "error");
      else for (const { id } of chosen) await runner.download(id).catch(toasts.fail);
    },
  };
}

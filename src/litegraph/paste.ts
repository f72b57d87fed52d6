/** A file pasted while one of our nodes is selected goes to that node; of several none does, which is said on it. */
import type { Param } from "../graph/node";
import { definitionOf, type LGraph, type LGraphNode } from "./host";
import { complain } from "./state";
import { severalFiles } from "./widgets/file";

/** Calls with each such file, and the node's parameter it is for, until the returned function is called. */
export function onPaste(graph: LGraph, take: (node: LGraphNode, param: string, file: File) => void): () => void {
  const paste = (event: ClipboardEvent): void => {
    const [file, ...more] = event.clipboardData?.files ?? [];
    const target = event.target as HTMLElement | null;
    if (!file || target?.closest?.("input, textarea, [contenteditable]")) return;
    for (const canvas of graph.list_of_graphcanvas ?? [])
      for (const node of Object.values(canvas.selected_nodes ?? {})) {
        const params = Object.entries((definitionOf(node)?.params ?? {}) as Record<string, Param>);
        const found = params.find(([, { kind }]) => kind === "file");
        if (!found) continue;
        event.preventDefault();
        if (more.length) complain(node, severalFiles(more.length + 1));
        else take(node, found[0], file);
        return;
      }
  };
  if (typeof document === "undefined") return () => {};
  document.addEventListener("paste", paste);
  return () => document.removeEventListener("paste", paste);
}

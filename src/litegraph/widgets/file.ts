/** A file: click for the picker, or for the list of files that ship with the package; or paste it while its node is selected. */
import type { FileRef, Param } from "../../graph/node";
import { definitionOf, type IWidget, type LGraph, type LGraphNode } from "../host";
import { openMenu } from "../overrides";
import { runtimeOf, setError } from "../state";
import { change, current, makeWidget, type Place } from "./widget";

const nameOf = (value: unknown): string | undefined =>
  typeof value === "string" ? value : ((value as FileRef | null)?.name ?? undefined);

export function fileWidget(place: Place): IWidget {
  const { host, node, name, param } = place;
  return makeWidget(place, {
    show: (value) => nameOf(value) ?? "choose a file…",
    click(event) {
      const { shipped = [] } = param;
      const chosen = nameOf(current(place));
      if (shipped.length === 0 && chosen === undefined) return pick(place);
      openMenu(
        host,
        [
          { label: "Choose a file…", act: () => pick(place) },
          ...shipped.map((file) => ({
            label: file,
            checked: file === chosen,
            act: () => change({ node, name }, { name: file } satisfies FileRef),
          })),
          ...(chosen === undefined || param.default !== null ? [] : [{ label: "No file", act: () => change(place, null) }]),
        ],
        event,
      );
    },
  });
}

function pick({ node, name, param }: Place): void {
  const input = document.createElement("input");
  input.type = "file";
  if (param.accept) input.accept = param.accept;
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file) takeFile(node, name, file);
  });
  input.click();
}

/** The message where a node is given several files at once. */
export const severalFiles = (count: number): string =>
  `${count} files have come at once and it takes one: bring it alone, and the others on nodes of their own`;

/** Keeps a file with the engine and sets it as the parameter's value. */
export function takeFile(node: Place["node"], name: string, file: File): void {
  const runtime = runtimeOf(node);
  if (runtime) void runtime.addFile(node, name, file);
  else setError(node, `"${file.name}" cannot be taken in, because nothing runs this graph: call attach(graph) first`);
}

/** Calls with each such file, and the node's parameter it is for, until the returned function is called. Keeps no graph. */
export function onPaste(graph: WeakRef<LGraph>, take: (node: LGraphNode, param: string, file: File) => void): () => void {
  const paste = (event: ClipboardEvent): void => {
    const [file, ...more] = event.clipboardData?.files ?? [];
    const target = event.target as HTMLElement | null;
    if (!file || target?.closest?.("input, textarea, [contenteditable]")) return;
    for (const canvas of graph.deref()?.list_of_graphcanvas ?? [])
      for (const node of Object.values(canvas.selected_nodes ?? {})) {
        const params = Object.entries((definitionOf(node)?.params ?? {}) as Record<string, Param>);
        const found = params.find(([, { kind }]) => kind === "file");
        if (!found) continue;
        event.preventDefault();
        if (more.length) setError(node, severalFiles(more.length + 1));
        else take(node, found[0], file);
        return;
      }
  };
  if (typeof document === "undefined") return () => {};
  document.addEventListener("paste", paste);
  return () => document.removeEventListener("paste", paste);
}

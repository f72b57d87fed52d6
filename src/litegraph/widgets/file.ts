/** A file: click for the picker, or for the list of files that ship with the package. */
import type { FileRef } from "../../graph/node";
import type { IWidget } from "../host";
import { openMenu } from "../menu";
import { complain, runtimeOf } from "../state";
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
  else complain(node, `"${file.name}" cannot be taken in, because nothing runs this graph: call attach(graph) first`);
}

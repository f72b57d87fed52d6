/** What a saved picture is called: as its node says, or after the photo that it was made of and what has become of that. */
import type { Engine } from "../browser/protocol";
import type { FileRef } from "../graph/node";
import type { Graph } from "../graph/parse";
import { reach, sourcesOf } from "../graph/traverse";
import type { Size } from "../plain-types";

/** The name that Save has until somebody gives it another. */
const UNNAMED = "picture";

/** The nearest node that a result is made of and that reads a file, and the file's name without folder, mark and ending. */
export function photoOf(graph: Graph, id: string): { readonly node: string; readonly name: string } | undefined {
  for (const node of reach([id], (one) => sourcesOf(graph, one))) {
    const found = graph.get(node);
    if (!found || !/^sftgan\/load-(lr|folder)$/.test(found.type)) continue;
    const file = (found.params.file as FileRef | null)?.name ?? "";
    const name = file
      .replace(/^sample:/, "")
      .replace(/^.*[\\/]/, "")
      .replace(/\.[a-z0-9]{1,5}$/i, "");
    if (name) return { node, name };
  }
  return undefined;
}

/** "alps ×4", or "alps 640 × 480" where the sides are no whole multiples; `from` and `to` are the photo's size and the result's. */
export function savedName(own: unknown, title: string, photo: string | undefined, from?: Size, to?: Size): string {
  if (typeof own === "string" && own.trim() && own.trim() !== UNNAMED) return own;
  if (photo === undefined) return typeof own === "string" && own.trim() ? own : title;
  if (!from || !to || (from.width === to.width && from.height === to.height)) return photo;
  const times = to.width / from.width;
  const isWhole = Number.isInteger(times) && to.height === times * from.height;
  return isWhole ? `${photo} ×${times}` : `${photo} ${to.width} × ${to.height}`;
}

/** What the picture of a Save node is called: the sizes of photo and result are those of the last run. */
export async function nameOfPicture(
  run: Graph,
  id: string,
  own: unknown,
  title: string,
  engine: Pick<Engine, "view">,
): Promise<string> {
  const photo = photoOf(run, id);
  const source = Object.values(run.get(id)?.inputs ?? {})[0];
  const sizeOf = async (node: string, output?: string): Promise<Size | undefined> => {
    const view = await engine.view({ node, ...(output && { output }), width: 1, height: 1 }).catch(() => undefined);
    view?.bitmap.close();
    return view?.size;
  };
  const sizes = photo && source ? await Promise.all([sizeOf(photo.node), sizeOf(source.node, source.output)]) : [];
  return savedName(own, title, photo?.name, ...sizes);
}

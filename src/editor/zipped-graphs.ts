/** Graphs in a .zip, as batches and takes are saved: its graphs as they are, or those that its pictures carry. */
import { unzipSync } from "fflate";
import { LIMITS } from "../graph/clean";
import { bytesOf, graphInside } from "./files";

/** Of these, entries that are larger are left out, and what is past so many of them, or bytes of all. */
const MOST = { bytes: 2 ** 26, entries: 20, all: 2 ** 28 };

/** As files of graphs under their names in the .zip; none where there are none. Throws an error where it cannot be read. */
export async function graphsInZip(zip: File): Promise<File[]> {
  const bytes = await bytesOf(zip);
  const graphs = Object.entries(entriesOf(bytes, /\.json$/i, LIMITS.text)).map(([name, data]) => fileOf(name, data));
  if (graphs.length) return graphs;
  return Object.entries(entriesOf(bytes, /\.png$/i, MOST.bytes)).flatMap(([name, png]) => {
    const graph = graphInside(png);
    return graph ? [fileOf(name, new TextEncoder().encode(JSON.stringify(graph)))] : [];
  });
}

function entriesOf(bytes: Uint8Array, names: RegExp, most: number): Record<string, Uint8Array> {
  let [count, all] = [0, 0];
  try {
    return unzipSync(bytes, {
      filter: ({ name, size, originalSize }) => {
        const length = Math.max(size, originalSize);
        if (!names.test(name) || length > most || count >= MOST.entries || all + length > MOST.all) return false;
        count++;
        all += length;
        return true;
      },
    });
  } catch (cause) {
    throw new Error("it is damaged, or not whole: unpack it by another program, and bring what is in it", { cause });
  }
}

const fileOf = (name: string, data: Uint8Array): File =>
  new File([data as Uint8Array<ArrayBuffer>], name.split("/").pop() ?? name);

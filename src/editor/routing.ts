/**
 * What a file that is dropped, pasted or opened is for, judged by its first bytes and, where those say nothing, by its name.
 * The bytes stay where they are: nothing is decoded here.
 */
import { isPictureKind } from "../codec/inspect";
import { sniff } from "../codec/sniff";
import { photoPlace } from "../engine/ends";

export type Kind = "graph" | "picture" | "array" | "weights" | "unknown";

/** Bytes of a file that `kindOf` needs. */
export const HEAD_BYTES = 1024;

/** By the ending of a name, where the content says nothing: what is then wrong with the file is said of what it claims to be. */
const ENDINGS: Readonly<Record<Exclude<Kind, "unknown">, RegExp>> = {
  graph: /\.json$/i,
  picture: /\.(png|jpe?g|jfif|webp|avif|gif|bmp|tiff?|heic|heif|svg)$/i,
  array: /\.np[yz]$/i,
  weights: /\.(pth?|safetensors)$/i,
};

/** `head`: the file's first `HEAD_BYTES` bytes, or all of a shorter file; `size`: the whole file's. */
export function kindOf(head: Uint8Array, name: string, size = head.length): Kind {
  const kind = sniff(head, size);
  if (isPictureKind(kind)) return "picture";
  if (kind === "json") return "graph";
  if (kind === "npy" || kind === "npz") return "array";
  if (kind === "safetensors" || kind === "zip" || kind?.startsWith("pth-")) return "weights";
  const claimed = Object.entries(ENDINGS).find(([, ending]) => ending.test(name));
  return claimed ? (claimed[0] as Kind) : "unknown";
}

/** A node on the canvas as routing sees it. */
export interface Target {
  readonly id: number;
  /** What its node list entry is called, such as "Load LR". */
  readonly title: string;
  /** A person has given it a name of its own, such as that of a depth map. */
  readonly renamed?: boolean;
  /** Its parameters of kind file, in order, with what they accept and the name of the file they hold. */
  readonly files: readonly { readonly param: string; readonly accept: string; readonly holds?: string | undefined }[];
}

export type Route =
  | { readonly do: "open graph" }
  /** Sets a file parameter of a node on the canvas. */
  | { readonly do: "set"; readonly node: number; readonly param: string; readonly accept: string }
  /** Adds a node with this title and sets its first file parameter. */
  | { readonly do: "add"; readonly title: string }
  | { readonly do: "refuse"; readonly message: string };

/** The node that loads a kind of file onto the empty canvas. */
const LOADER: Partial<Record<Kind, string>> = { picture: "Load LR", array: "Load Prior", weights: "Load Model" };

/** Titles of the nodes that a picture on the empty canvas is for. */
export const PHOTO_NODES: readonly string[] = ["Load LR", "Load Folder"];

/** Whether HTML's `accept` list lets a file name pass; an empty list lets everything pass. */
export function accepts(accept: string, name: string, kind: Kind): boolean {
  const parts = accept
    .split(",")
    .map((part) => part.trim().toLowerCase())
    .filter(Boolean);
  if (!parts.length || parts.includes("*/*")) return true;
  return parts.some((part) =>
    part.startsWith(".") ? name.toLowerCase().endsWith(part) : part.startsWith("image/") && kind === "picture",
  );
}

/**
 * Where a file goes. On a node that takes files it sets that node. On the empty canvas a picture sets the only Load LR or Load Folder,
 * or the only one of several that has no name of its own, and else adds one; weights add a Load Model, arrays a Load Prior; graphs are opened.
 */
export function route(kind: Kind, name: string, over: Target | undefined, nodes: readonly Target[]): Route {
  if (kind === "graph") return { do: "open graph" };
  if (over?.files.length) {
    const slot = over.files.find((file) => accepts(file.accept, name, kind));
    if (slot) return { do: "set", node: over.id, ...wanted(slot) };
    const list = over.files.map((file) => file.accept).join(", ");
    return { do: "refuse", message: `"${name}" does not fit ${over.title}, which takes ${list}.` };
  }
  const title = LOADER[kind];
  if (!title)
    return {
      do: "refuse",
      message: `"${name}" is no picture, prior (.npy), weights (.pth, .safetensors) or graph (.json): drop one of those.`,
    };
  const loaders = kind === "picture" ? nodes.filter((node) => PHOTO_NODES.includes(node.title) && node.files.length) : [];
  const place = photoPlace(loaders, ({ renamed }) => !renamed);
  return place ? { do: "set", node: place.id, ...wanted(place.files[0]!) } : { do: "add", title };
}

const wanted = ({ param, accept }: Target["files"][number]) => ({ param, accept });

/**
 * Where several files go that have come together: each as if it had come alone, but none in the place of another. What is for a
 * node that has got one already goes to a new node of that kind. With `byName`, as when their graph has come with them, a file
 * whose name one node holds goes to that node.
 */
export function routeAll(
  files: readonly { readonly kind: Kind; readonly name: string }[],
  over: Target | undefined,
  nodes: readonly Target[],
  byName = false,
): Route[] {
  const taken = new Set<string>();
  return files.map(({ kind, name }) => {
    const first = (byName && named(name, nodes, taken)) || route(kind, name, over, nodes);
    if (first.do !== "set") return first;
    const place = `${first.node}.${first.param}`;
    const title = nodes.find(({ id }) => id === first.node)?.title ?? over?.title;
    if (taken.has(place) && title) return { do: "add", title };
    taken.add(place);
    return first;
  });
}

/** The only node that holds a file of this name, which none of these files has been given to. */
function named(name: string, nodes: readonly Target[], taken: ReadonlySet<string>): Route | undefined {
  const places = nodes.flatMap(({ id, files }) =>
    files.filter(({ holds }) => holds === name).map((file) => ({ do: "set" as const, node: id, ...wanted(file) })),
  );
  return places.length === 1 && !taken.has(`${places[0]!.node}.${places[0]!.param}`) ? places[0] : undefined;
}

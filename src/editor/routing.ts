/**
 * What a file that is dropped, pasted or opened is for, judged by its first bytes and, where those say nothing, by its name.
 * The bytes stay where they are: nothing is decoded here.
 */
export type Kind = "graph" | "picture" | "array" | "weights" | "unknown";

/** Bytes of a file that `kindOf` needs. */
export const HEAD_BYTES = 64;

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const starts = (bytes: Uint8Array, prefix: readonly number[], at = 0): boolean =>
  prefix.every((byte, i) => bytes[at + i] === byte);
const extension = (name: string): string => (/\.([^.]+)$/.exec(name.toLowerCase())?.[1] ?? "").trim();

const PNG = [0x89, ...ascii("PNG")];

export const isPng = (head: Uint8Array): boolean => starts(head, PNG);

/** `head`: the file's first `HEAD_BYTES` bytes, or all of a shorter file. */
export function kindOf(head: Uint8Array, name: string): Kind {
  const ext = extension(name);
  if (isPng(head) || starts(head, [0xff, 0xd8, 0xff])) return "picture";
  if (starts(head, ascii("RIFF")) && starts(head, ascii("WEBP"), 8)) return "picture";
  if (starts(head, ascii("ftypavi"), 4) || starts(head, ascii("ftypmif1"), 4)) return "picture";
  if (starts(head, ascii("GIF8")) || starts(head, ascii("BM"))) return "picture";
  if (starts(head, [0x93, ...ascii("NUMPY")])) return "array";
  if (ext === "pth" || ext === "pt" || ext === "safetensors") return "weights";
  // safetensors: a little-endian length of 8 bytes, then JSON.
  if (head.length > 9 && head[8] === 0x7b && starts(head, [0, 0, 0], 5)) return "weights";
  // Torch's zip and its older pickle.
  if (starts(head, [...ascii("PK"), 3, 4]) || starts(head, [0x80, 2])) return "weights";
  const text = new TextDecoder()
    .decode(head)
    .replace(/^\uFEFF/, "")
    .trimStart();
  if (text.startsWith("{")) return "graph";
  if (ext === "json") return "graph";
  return "unknown";
}

/** A node on the canvas as routing sees it. */
export interface Target {
  readonly id: number;
  /** What its node list entry is called, such as "Load LR". */
  readonly title: string;
  /** Its parameters of kind file, in order, with what they accept. */
  readonly files: readonly { readonly param: string; readonly accept: string }[];
}

export type Route =
  | { readonly do: "open graph" }
  /** Sets a file parameter of a node on the canvas. */
  | { readonly do: "set"; readonly node: number; readonly param: string }
  /** Adds a node with this title and sets its first file parameter. */
  | { readonly do: "add"; readonly title: string }
  | { readonly do: "refuse"; readonly message: string };

/** The node that loads a kind of file onto the empty canvas. */
const LOADER: Partial<Record<Kind, string>> = { picture: "Load LR", array: "Load Prior", weights: "Load Model" };

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
 * Where a file goes. On a node that takes files it sets that node. On the empty canvas a picture sets the only Load LR, and
 * adds one where there is none or more than one; weights add a Load Model, arrays a Load Prior; graphs are opened.
 */
export function route(kind: Kind, name: string, over: Target | undefined, nodes: readonly Target[]): Route {
  if (kind === "graph") return { do: "open graph" };
  if (over?.files.length) {
    const slot = over.files.find((file) => accepts(file.accept, name, kind));
    if (slot) return { do: "set", node: over.id, param: slot.param };
    const wanted = over.files.map((file) => file.accept).join(", ");
    return { do: "refuse", message: `"${name}" does not fit ${over.title}, which takes ${wanted}.` };
  }
  const title = LOADER[kind];
  if (!title)
    return {
      do: "refuse",
      message: `"${name}" is no picture, prior (.npy), weights (.pth, .safetensors) or graph (.json): drop one of those.`,
    };
  const loaders = kind === "picture" ? nodes.filter((node) => node.title === title && node.files.length) : [];
  return loaders.length === 1 ? { do: "set", node: loaders[0]!.id, param: loaders[0]!.files[0]!.param } : { do: "add", title };
}

/** A file name for a graph's title: what every file system takes, at most 80 characters. */
export function fileName(title: string, ext: string): string {
  const stem = title
    .normalize("NFC")
    .replace(/[\p{Cc}\\/:*?"<>|]+/gu, " ")
    .replace(/\s+/g, " ")
    .replace(/^[.\s]+|(?<![.\s])[.\s]+$/g, "")
    .slice(0, 80)
    .trim();
  return `${stem || "graph"}.${ext}`;
}

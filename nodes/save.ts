import { type Context, choice, number, type Settings, text } from "../src/graph/node";
import { pictureOf } from "../src/image/picture";
import type { Image } from "../src/types";
import { defineNode, file, type Host, image } from "./sockets";

const TYPES = { PNG: "image/png", JPEG: "image/jpeg", WebP: "image/webp" } as const;

const params = {
  name: text({ default: "picture", help: "file name without its ending" }),
  format: choice(["PNG", "JPEG", "WebP"], {
    default: "PNG",
    help: "JPEG has no opacity (white shows through) and no graph inside; neither has WebP the graph",
  }),
  bits: choice(["8", "16"], { default: "8", help: "per sample, PNG only" }),
  quality: number({ default: 92, min: 1, max: 100, step: 1, help: "of JPEG and WebP" }),
};

export type SaveParams = Pick<Settings<typeof params>, "format" | "bits" | "quality">;

/** What is encoded for an image, and how. The image is read; nothing of it is needed any more. */
export async function toEncode(
  image: Image,
  { format, bits, quality }: SaveParams,
  { provenance, checkpoint }: Pick<Host, "provenance"> & Pick<Context, "checkpoint">,
): Promise<Parameters<Host["encode"]>> {
  const picture = await pictureOf(image, format === "PNG" && bits === "16" ? 16 : 8, checkpoint);
  return [picture, TYPES[format], { quality, text: format === "PNG" ? provenance() : undefined }];
}

/** Encodes the picture; a PNG carries the graph and the weights' hashes, so it can be opened as a graph. */
export default defineNode({
  type: "sftgan/save",
  title: "Save",
  description: "The picture as a file. A PNG carries the graph inside: drop it on the editor to get the graph back.",
  sink: "on demand",
  inputs: { image: image("the picture to save") },
  params,
  outputs: { file: file("the encoded picture") },

  run: async ({ image }, params, context) => ({ file: await context.encode(...(await toEncode(image, params, context))) }),
});

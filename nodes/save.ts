import { choice, number, text } from "../src/graph/node";
import { pictureOf } from "../src/image/picture";
import { defineNode, file, image } from "./sockets";

const TYPES = { PNG: "image/png", JPEG: "image/jpeg", WebP: "image/webp" } as const;

/** Encodes the picture; a PNG carries the graph and the weights' hashes, so it can be opened as a graph. */
export default defineNode({
  type: "sftgan/save",
  title: "Save",
  description: "The picture as a file. A PNG carries the graph inside: drop it on the editor to get the graph back.",
  sink: "on demand",
  inputs: { image: image("the picture to save") },
  params: {
    name: text({ default: "picture", help: "file name without its ending" }),
    format: choice(["PNG", "JPEG", "WebP"], {
      default: "PNG",
      help: "JPEG has no opacity (white shows through) and no graph inside; neither has WebP the graph",
    }),
    bits: choice(["8", "16"], { default: "8", help: "per sample, PNG only" }),
    quality: number({ default: 92, min: 1, max: 100, step: 1, help: "of JPEG and WebP" }),
  },
  outputs: { file: file("the encoded picture") },

  async run({ image }, { format, bits, quality }, { encode, provenance, checkpoint }) {
    const picture = await pictureOf(image, format === "PNG" && bits === "16" ? 16 : 8, checkpoint);
    return { file: await encode(picture, TYPES[format], { quality, text: format === "PNG" ? provenance() : undefined }) };
  },
});

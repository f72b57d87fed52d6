import { choice, FACE, file } from "../src/graph/node";
import { sizeOf } from "../src/image/raster";
import { FITS, fit } from "../src/prior/fit";
import { PRIOR_FORMATS, readPrior } from "../src/weights/prior-file";
import { defineNode, image, optional, prior } from "./sockets";

/** Reads a prior made elsewhere. */
export default defineNode({
  type: "sftgan/load-prior",
  title: "Load Prior",
  description:
    "A prior from a file: a .npy array [H, W, K], the official *_bic.pth probabilities, a label picture (class colours or indices), or a grey map.",
  inputs: { picture: optional(image("the low-resolution picture the prior is for; unconnected: a quarter of the map's size")) },
  params: {
    file: file({
      default: { name: "sample:scene-labels.png" },
      help: "the prior, at four times the picture's size",
      accept: ".npy,.pth,image/png",
      shipped: ["sample:scene-labels.png", "sample:scene-depth.png"],
    }),
    format: choice(PRIOR_FORMATS, { default: "auto", help: "how a picture is read: as labels, or as one channel of grey" }),
    fit: choice(FITS, { default: "exact", help: "exact: another size is refused. resize: it is stretched to the picture" }),
  },
  outputs: { prior: prior("the prior [1, H, W, K]") },

  async run({ picture }, { file, format, fit: how }, { file: read, decode, budget }) {
    if (!file) throw new Error("there is no prior yet: drop a file on the node, or choose one");
    const warnings: string[] = [];
    const decodeNoting = async (bytes: Uint8Array, name: string) => {
      const picture = await decode(bytes, name);
      warnings.push(...(picture.warnings ?? []));
      return picture;
    };
    const found = await readPrior(await read(file), file.name, format, decodeNoting, budget / 4);
    try {
      return {
        prior: { ...found, picture: fit(sizeOf(found.map), picture && sizeOf(picture.rgb), how) },
        ...(warnings.length > 0 && { [FACE]: { warnings } }),
      };
    } catch (error) {
      found.map.dispose();
      throw error;
    }
  },
});

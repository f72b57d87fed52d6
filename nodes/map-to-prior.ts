import { choice, number } from "../src/graph/node";
import { sizeOf } from "../src/image/raster";
import { FITS, fit } from "../src/prior/fit";
import { CHANNEL_CHOICES, CHANNELS, channelsOf, rescaled, SCALINGS } from "../src/prior/map-channels";
import { defineNode, image, optional, prior } from "./sockets";

/** Any picture's channels for a condition net that was trained on such. */
export default defineNode({
  type: "sftgan/map-to-prior",
  title: "Map to Prior",
  description:
    "A picture's channels as a prior: luma, colours, edges, normals, a mask. For weights trained on such maps; those that ship take eight classes.",
  inputs: {
    image: image("the map as a picture [1, H, W, 3]"),
    picture: optional(image("the low-resolution picture the prior is for; unconnected: a quarter of the map's size")),
  },
  params: {
    channels: choice(CHANNEL_CHOICES, {
      default: "luma",
      help: "what is taken: luma, one colour or all three, edges (slope of luma), or normals of luma as heights",
    }),
    scaling: choice(SCALINGS, {
      default: "none",
      help: "of each channel: none, its range stretched to 0 … 1, or shifted and scaled to mean 0 and deviation 1",
    }),
    strength: number({ default: 8, min: 0, max: 1000, step: 0.5, unit: "px", help: "of normals: height from black to white" }),
    fit: choice(FITS, { default: "exact", help: "exact: another size is refused. resize: it is stretched to the picture" }),
  },
  outputs: { prior: prior("one channel for each taken [1, H, W, K]") },

  async run({ image, picture }, { channels, scaling, strength, fit: how }, context) {
    const belongsTo = fit(sizeOf(image.rgb), picture && sizeOf(picture.rgb), how);
    const map = await rescaled(await channelsOf(image.rgb, channels, strength, context), scaling, context);
    return { prior: { map, channels: CHANNELS[channels], kind: "map", picture: belongsTo } };
  },
});

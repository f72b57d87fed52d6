import { choice, number } from "../src/graph/node";
import { sizeOf } from "../src/image/raster";
import { FITS, requireOverlay } from "../src/prior/fit";
import { showPrior } from "../src/prior/show";
import { defineNode, image, optional, prior } from "./sockets";

/** Class colours over the photo. */
export default defineNode({
  type: "sftgan/view-prior",
  title: "View Prior",
  description: "The prior in class colours, over the picture if one is connected, with a legend.",
  sink: "always",
  inputs: { prior: prior("the prior to look at"), picture: optional(image("the picture to lay it over")) },
  params: {
    opacity: number({ default: 0.6, min: 0, max: 1, step: 0.05, help: "of the colours over the picture" }),
    fit: choice(FITS, {
      default: "exact",
      legacyDefault: "resize",
      help: "exact: a picture that is neither of the size the prior is for nor four times that is refused. resize: it is stretched",
    }),
  },
  outputs: { image: image("the picture in colours, at the finer resolution of the two") },

  async run({ prior, picture }, { opacity, fit }, context) {
    if (picture) requireOverlay("picture", sizeOf(picture.rgb), [prior], fit);
    return { image: await showPrior(prior, picture, opacity, context) };
  },
});

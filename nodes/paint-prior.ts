import { type Context, text } from "../src/graph/node";
import { sizeOf } from "../src/image/raster";
import { fit } from "../src/prior/fit";
import { type Canvas, paint, repaint } from "../src/prior/paint";
import { checkMemory } from "../src/prior/paint-memory";
import { placesFor } from "../src/prior/places";
import { sameSize, sizeText } from "../src/region";
import { CLASSES, type Image, type Prior } from "../src/types";
import { defineNode, image, optional, prior } from "./sockets";

/** Strokes of the eight classes on a prior, kept in the graph as src/prior/strokes.ts describes. */
export default defineNode({
  type: "sftgan/paint-prior",
  title: "Paint Prior",
  description: "A prior changed by hand: brush, fill and outline in the eight classes, over the photo in the large view.",
  inputs: {
    prior: prior("the prior to paint on, such as the predicted one: eight classes"),
    picture: optional(image("the low-resolution picture the prior is for; unconnected: what the prior says")),
  },
  params: {
    strokes: text({
      default: "",
      editor: "strokes",
      help: "what has been painted: select the node, or press Paint on it",
    }),
  },
  outputs: {
    prior: prior(
      "class probabilities [1, H, W, 8], at up to four times the picture (less for large ones), or as the prior is where that is finer",
    ),
  },

  async run({ prior, picture }, { strokes }, context) {
    const canvas = canvasOf(prior, picture, context);
    return { prior: painted(await paint(canvas, strokes), canvas) };
  },

  async update({ prior, picture }, { strokes }, context, { params, outputs, changed }) {
    const last = outputs.prior as Prior;
    const canvas = canvasOf(prior, picture, context);
    const { picture: size, map: places } = canvas.grid;
    if (!sameSize(sizeOf(last.map), places) || !last.picture || !sameSize(last.picture, size)) return undefined;
    const before = { map: last.map as Awaited<ReturnType<typeof paint>>, text: params.strokes as string };
    const result = await repaint(canvas, strokes, before, changed.prior);
    return { outputs: { prior: painted(result.map, canvas) }, changed: result.changed ? { prior: result.changed } : {} };
  },
});

const painted = (map: Prior["map"], { grid }: Canvas): Prior => ({
  map,
  channels: CLASSES,
  kind: "probabilities",
  picture: grid.picture,
});

function canvasOf(prior: Prior, image: Image | undefined, { checkpoint, budget }: Context): Canvas {
  const count = prior.map.shape[3];
  if (count !== CLASSES.length)
    throw new Error(
      `the prior has ${count} channels, and there are ${CLASSES.length} classes to paint: connect a prior of classes`,
    );
  const own = sizeOf(prior.map);
  const picture = prior.picture ?? fit(own, image && sizeOf(image.rgb), "exact");
  if (image && !sameSize(sizeOf(image.rgb), picture))
    throw new Error(
      `the prior is for a picture of ${sizeText(picture)}, and the one connected has ${sizeText(sizeOf(image.rgb))}: connect the picture that the prior was made from`,
    );
  const grid = { picture, map: placesFor(picture, own) };
  checkMemory(grid, own, budget);
  return { grid, predicted: prior.map, checkpoint };
}

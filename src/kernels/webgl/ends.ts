/**
 * The shaders at a network's ends: from a tfjs texture to a map as our kernels store it, and back. tfjs stores `[1, h, w, c]`
 * either value by value, or in texels of two pixels of a row by two channels.
 */
import { HEADER, placeOf, ROW_TEXELS, targets, texel } from "./glsl";

/** From tfjs, to `out` vectors of one pixel of each cell. */
export interface ImportProgram {
  readonly kind: "import";
  readonly cell: 1 | 2;
  readonly out: number;
}

/** To a packed tfjs texture. */
export interface ExportProgram {
  readonly kind: "export";
  readonly cell: 1 | 2;
}

/**
 * Reads a tensor. `packed`: whether its texture is. `columns`: texels in a row of that. `offset`: values before the tensor's first,
 * where it is a part of another. `pairAt(pixel, c)`: two channels from an even one on; beyond the last there may be anything.
 * `vectorAt(pixel, c)`: four channels.
 */
export const TENSOR = `
uniform sampler2D tensor;
uniform bool packed;
uniform int columns;
uniform int offset;
uniform int channels;
uniform ivec2 size;
vec4 texelAt(int index) {
  return texelFetch(tensor, ivec2(index % columns, index / columns), 0);
}
vec2 pairAt(ivec2 pixel, int c) {
  if (packed) {
    vec4 y = texelAt((pixel.y * ((size.x + 1) / 2) + pixel.x / 2) * ((channels + 1) / 2) + c / 2);
    return (pixel.x & 1) == 0 ? y.xy : y.zw;
  }
  int index = (pixel.y * size.x + pixel.x) * channels + c + offset;
  return vec2(texelAt(index).r, c + 1 < channels ? texelAt(index + 1).r : 0.0);
}
vec4 vectorAt(ivec2 pixel, int c) {
  return vec4(pairAt(pixel, c), c + 2 < channels ? pairAt(pixel, c + 2) : vec2(0.0));
}
`;

/** A texel beyond the channels is filled up with zeros; a pixel beyond the picture, in its last cells, with anything. */
export function importShader({ cell, out }: ImportProgram): string {
  const results = [...Array(out).keys()].map((i) => {
    const c = `(draw * ${out} + ${i}) * 4`;
    return `
  int c${i} = ${c};
  vec4 y${i} = c${i} < channels ? vectorAt(pixel, c${i}) : vec4(0.0);
  target${i} = mix(y${i}, vec4(0.0), greaterThanEqual(ivec4(c${i}) + ivec4(0, 1, 2, 3), ivec4(channels)));`;
  });
  return `${HEADER}
uniform int draw;
uniform int phase;
${targets(out)}${TENSOR}
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  ivec2 pixel = min(at * ${cell} + ivec2(phase & 1, phase >> 1), size - 1);${results.join("")}
}`;
}

export function exportShader({ cell }: ExportProgram): string {
  return `${HEADER}
uniform sampler2DArray x;
uniform int channels;
vec2 valuesAt(ivec2 pixel, int c) {
  ivec3 place = ${placeOf(cell, "pixel")};
  vec4 y = ${texel("x", "place", "c >> 2", cell)};
  return (c & 2) == 0 ? y.xy : y.zw;
}
${EXPORT}`;
}

/** Writes a packed tfjs texture of so many `channels`: `valuesAt` a pixel, two channels from an even one on. */
export const EXPORT = `
uniform int resultColumns;
uniform ivec2 resultSize;
${targets(1)}
vec2 pairOf(ivec2 pixel, int c) {
  if (pixel.x >= resultSize.x || pixel.y >= resultSize.y) return vec2(0.0);
  vec2 values = valuesAt(pixel, c);
  return vec2(values.x, c + 1 < channels ? values.y : 0.0);
}
void main() {
  int index = int(gl_FragCoord.y) * resultColumns + int(gl_FragCoord.x);
  int pairs = (channels + 1) / 2;
  int row = ((resultSize.x + 1) / 2) * pairs;
  int c = (index % pairs) * 2;
  ivec2 pixel = ivec2(((index % row) / pairs) * 2, index / row);
  target0 = vec4(pairOf(pixel, c), pairOf(pixel + ivec2(1, 0), c));
}`;

/** A part of a map in its place, from tfjs to a packed tfjs texture. */
export interface AssembleProgram {
  readonly kind: "assemble";
}

/** What is not in the part stays as it is: `lane` is the pixel of each texel that has to be. */
export const ASSEMBLE_SHADER = `${HEADER}${TENSOR}
uniform ivec2 place;
uniform int lane;
vec2 valuesAt(ivec2 pixel, int c) {
  ivec2 at = pixel - place;
  if (all(greaterThanEqual(at, ivec2(0))) && all(lessThan(at, size))) return pairAt(at, c);
  if ((pixel.x & 1) == lane) discard;
  return vec2(0.0);
}
${EXPORT}`;

/** A direction of a resampling, from tfjs to a packed tfjs texture. */
export interface ResampleProgram {
  readonly kind: "resample";
}

/** `weights`: for each pixel of the result along a direction, `taps` places in the source, in red, and their weights, in green. */
export const RESAMPLE_SHADER = `${HEADER}${TENSOR}
uniform sampler2D weights;
uniform int taps;
uniform ivec2 along;
vec2 valuesAt(ivec2 pixel, int c) {
  ivec2 at = pixel * along;
  int first = (at.x + at.y) * taps;
  vec2 sum = vec2(0.0);
  for (int i = first; i < first + taps; i++) {
    vec4 tap = texelFetch(weights, ivec2(i % ${ROW_TEXELS}, i / ${ROW_TEXELS}), 0);
    if (tap.g != 0.0) sum += tap.g * pairAt(pixel - at + along * int(tap.r), c);
  }
  return sum;
}
${EXPORT}`;

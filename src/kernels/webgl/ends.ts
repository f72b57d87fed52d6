/**
 * The shaders at a network's ends: from a tfjs texture to a map as our kernels store it, and back. tfjs stores `[1, h, w, c]`
 * either value by value, or in texels of two pixels of a row by two channels.
 */
import { HEADER, placeOf, targets, texel } from "./glsl";

/** From tfjs, packed or not, to `out` vectors of one pixel of each cell. */
export interface ImportProgram {
  readonly kind: "import";
  readonly packed: boolean;
  readonly cell: 1 | 2;
  readonly out: number;
}

/** To a packed tfjs texture. */
export interface ExportProgram {
  readonly kind: "export";
  readonly cell: 1 | 2;
}

/** `columns`: texels in a row of the tfjs texture. `offset`: values before the tensor's first, where it is a part of another. */
const TENSOR = `
uniform sampler2D tensor;
uniform int columns;
uniform int offset;
uniform int channels;
uniform ivec2 size;
vec4 texelAt(int index) {
  return texelFetch(tensor, ivec2(index % columns, index / columns), 0);
}
`;

const PACKED = `
vec4 vectorAt(ivec2 pixel, int c) {
  int across = (channels + 1) / 2;
  int index = (pixel.y * ((size.x + 1) / 2) + pixel.x / 2) * across + c / 2;
  vec4 a = texelAt(index);
  vec4 b = c + 2 < channels ? texelAt(index + 1) : vec4(0.0);
  return (pixel.x & 1) == 0 ? vec4(a.xy, b.xy) : vec4(a.zw, b.zw);
}
`;

const SINGLE = `
vec4 vectorAt(ivec2 pixel, int c) {
  int index = (pixel.y * size.x + pixel.x) * channels + c + offset;
  return vec4(
    texelAt(index).r,
    c + 1 < channels ? texelAt(index + 1).r : 0.0,
    c + 2 < channels ? texelAt(index + 2).r : 0.0,
    c + 3 < channels ? texelAt(index + 3).r : 0.0);
}
`;

/** `vectorAt(pixel, c)`: four channels of a tensor from c on. Beyond the last there may be anything. */
export const tensorVectors = (packed: boolean): string => TENSOR + (packed ? PACKED : SINGLE);

/** A texel beyond the channels is filled up with zeros; a pixel beyond the picture, in its last cells, with anything. */
export function importShader({ packed, cell, out }: ImportProgram): string {
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
${targets(out)}${tensorVectors(packed)}
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  ivec2 pixel = min(at * ${cell} + ivec2(phase & 1, phase >> 1), size - 1);${results.join("")}
}`;
}

export function exportShader({ cell }: ExportProgram): string {
  return `${HEADER}
uniform sampler2DArray x;
uniform int channels;
vec4 vectorAt(ivec2 pixel, int v) {
  ivec3 place = ${placeOf(cell, "pixel")};
  return ${texel("x", "place", "v", cell)};
}
${exportMain("vectorAt(pixel, c >> 2)")}`;
}

/** Writes a packed tfjs texture of so many `channels`: what `vector` gives for `pixel` and those from `c` on. */
export const exportMain = (vector: string): string => `
uniform int columns;
uniform ivec2 size;
${targets(1)}
vec2 valuesAt(ivec2 pixel, int c) {
  if (pixel.x >= size.x || pixel.y >= size.y) return vec2(0.0);
  vec4 y = ${vector};
  vec2 values = (c & 2) == 0 ? y.xy : y.zw;
  return vec2(values.x, c + 1 < channels ? values.y : 0.0);
}
void main() {
  int index = int(gl_FragCoord.y) * columns + int(gl_FragCoord.x);
  int across = (channels + 1) / 2;
  int row = ((size.x + 1) / 2) * across;
  int c = (index % across) * 2;
  ivec2 pixel = ivec2(((index % row) / across) * 2, index / row);
  target0 = vec4(valuesAt(pixel, c), valuesAt(pixel + ivec2(1, 0), c));
}`;

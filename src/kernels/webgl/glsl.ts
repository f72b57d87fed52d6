/** What our shaders share: reading maps and weights, and activations that let NaN and infinity through as the CPU does. */

export const HEADER = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp sampler2DArray;
`;

/** A triangle that covers everything. */
export const VERTEX = `#version 300 es
void main() {
  gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0);
}`;

/** Matrices in a row of a texture of weights, four texels each. */
const ROW_MATRICES = 512;
export const ROW_TEXELS = 4 * ROW_MATRICES;

/** How far pixel (x, y) of a cell is from its first layer. */
const phaseOf = (at: string) => `(${at}.y & 1) * 2 + (${at}.x & 1)`;

/** Texel and layer of pixel `at` (an ivec2), vector 0, in a map stored in cells. */
export const placeOf = (cell: 1 | 2, at: string): string =>
  cell === 1 ? `ivec3(${at}, 0)` : `ivec3(${at} >> 1, ${phaseOf(at)})`;

/** Vector `v` at a place. */
export const texel = (map: string, place: string, v: string, cell: 1 | 2): string =>
  `texelFetch(${map}, ${place} + ivec3(0, 0, ${cell === 1 ? v : `4 * (${v})`}), 0)`;

export const targets = (count: number): string =>
  Array.from({ length: count }, (_, i) => `layout(location = ${i}) out vec4 target${i};\n`).join("");

/**
 * Matrices of weights, four inputs by four outputs each, in so many blocks of one size: declares them, and gives what reads the
 * one at `index` of a block.
 */
export function weightsIn(where: "uniforms" | "texture", blocks: number, size: number) {
  if (where === "texture")
    return {
      declared: `
uniform sampler2D weights;
uniform int first;
mat4 matrix(int index) {
  int i = first + index;
  ivec2 at = ivec2((i % ${ROW_MATRICES}) * 4, i / ${ROW_MATRICES});
  return mat4(
    texelFetch(weights, at, 0), texelFetch(weights, at + ivec2(1, 0), 0),
    texelFetch(weights, at + ivec2(2, 0), 0), texelFetch(weights, at + ivec2(3, 0), 0));
}
`,
      matrix: (block: number, index: string) => `matrix(${block * paddedSize(size)} + ${index})`,
    };
  const declared = Array.from({ length: blocks }, (_, i) => `layout(std140) uniform Block${i} { mat4 block${i}[${size}]; };\n`);
  return { declared: declared.join(""), matrix: (block: number, index: string) => `block${block}[${index}]` };
}

/** Blocks begin at multiples of four matrices: 256 bytes, which every device can begin a uniform block at. */
export const paddedSize = (matrices: number): number => Math.ceil(matrices / 4) * 4;

/**
 * Where a value is below zero, or above six, by its bits, and not NaN: drivers take comparisons for an order in which there is no
 * NaN, and zero times infinity is none.
 */
export const SIGNS = `
bvec4 isNegative(vec4 y) {
  return lessThanEqual(floatBitsToUint(y) - 0x80000000u, uvec4(0x7f800000u));
}
bvec4 isAboveSix(vec4 y) {
  return lessThan(floatBitsToUint(y) - 0x40c00001u, uvec4(0x7f800000u - 0x40c00000u));
}
`;

export const ACTIVATIONS = `${SIGNS}
vec4 relu(vec4 y) {
  return mix(y, vec4(0.0), isNegative(y));
}
vec4 leaky(vec4 y, float slope) {
  return mix(y, slope * y, isNegative(y));
}
`;

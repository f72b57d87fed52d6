/** What our shaders share: how a map's vectors are read and written, and activations that let NaN and infinity through. */

/**
 * Declares the map `name` of so many channels at a binding, and `NAME_at(pixel, v)`: vector v of a pixel. Where channels are no
 * multiple of four, what is missing is zero. Of half floats there are whole vectors only: four values in two words, which every
 * device can unpack, also one without shader-f16.
 */
export function readable(binding: number, name: string, channels: number, half = false): string {
  if (half)
    return `@group(0) @binding(${binding}) var<storage, read> ${name}: array<vec2u>;
fn ${name}_at(pixel: i32, v: i32) -> vec4f {
  let words = ${name}[pixel * ${channels / 4} + v];
  return vec4f(unpacked(words.x), unpacked(words.y));
}
`;
  if (channels % 4 === 0)
    return `@group(0) @binding(${binding}) var<storage, read> ${name}: array<vec4f>;
fn ${name}_at(pixel: i32, v: i32) -> vec4f { return ${name}[pixel * ${channels / 4} + v]; }
`;
  return `@group(0) @binding(${binding}) var<storage, read> ${name}: array<f32>;
fn ${name}_at(pixel: i32, v: i32) -> vec4f {
  var y = vec4f();
  for (var lane = 0; lane < min(4, ${channels} - 4 * v); lane++) { y[lane] = ${name}[pixel * ${channels} + 4 * v + lane]; }
  return y;
}
`;
}

/** Declares a map to write, and `put(pixel, v, y)`: channels beyond the last are left out. */
export function writable(binding: number, channels: number, half = false): string {
  if (half)
    return `@group(0) @binding(${binding}) var<storage, read_write> result: array<vec2u>;
fn put(pixel: i32, v: i32, y: vec4f) {
  if (v < ${channels / 4}) { result[pixel * ${channels / 4} + v] = vec2u(packed(y.xy), packed(y.zw)); }
}
`;
  if (channels % 4 === 0)
    return `@group(0) @binding(${binding}) var<storage, read_write> result: array<vec4f>;
fn put(pixel: i32, v: i32, y: vec4f) { if (v < ${channels / 4}) { result[pixel * ${channels / 4} + v] = y; } }
`;
  return `@group(0) @binding(${binding}) var<storage, read_write> result: array<f32>;
fn put(pixel: i32, v: i32, y: vec4f) {
  for (var lane = 0; lane < min(4, ${channels} - 4 * v); lane++) { result[pixel * ${channels} + 4 * v + lane] = y[lane]; }
}
`;
}

/**
 * Where a value is below zero by its bits, and not NaN: compilers take comparisons for an order in which there is no NaN, and
 * zero times infinity is none.
 */
export const ACTIVATIONS = `
fn isNegative(y: vec4f) -> vec4<bool> {
  return bitcast<vec4u>(y) - vec4u(0x80000000u) <= vec4u(0x7f800000u);
}
fn none(y: vec4f) -> vec4f { return y; }
fn relu(y: vec4f) -> vec4f { return select(y, vec4f(), isNegative(y)); }
fn leaky(y: vec4f, slope: f32) -> vec4f { return select(y, slope * y, isNegative(y)); }
`;

/**
 * Half floats in words. What is beyond their range becomes infinity; that and NaN are written and read by their bits, since for
 * them WGSL's own functions may give anything.
 */
export const HALVES = `
fn packed(y: vec2f) -> u32 {
  let bits = bitcast<vec2u>(y);
  let size = bits & vec2u(0x7fffffffu);
  let beyond = size >= vec2u(0x477ff000u);
  let inside = pack2x16float(select(y, vec2f(), beyond));
  let other = ((bits >> vec2u(16u)) & vec2u(0x8000u)) | select(vec2u(0x7c00u), vec2u(0x7e00u), size > vec2u(0x7f800000u));
  let halves = select(vec2u(inside & 0xffffu, inside >> 16u), other, beyond);
  return halves.x | (halves.y << 16u);
}
fn unpacked(word: u32) -> vec2f {
  let halves = vec2u(word & 0xffffu, word >> 16u);
  let beyond = (halves & vec2u(0x7c00u)) == vec2u(0x7c00u);
  let bits = ((halves & vec2u(0x8000u)) << vec2u(16u)) | vec2u(0x7f800000u) | ((halves & vec2u(0x3ffu)) << vec2u(13u));
  return select(unpack2x16float(word), bitcast<vec2f>(bits), beyond);
}
`;

/** A number as WGSL writes floats. */
export const float = (value: number): string => (Number.isInteger(value) ? `${value}.0` : String(value));

/** Numbers from 0 up to `count`. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/**
 * The shaders of the general kernels: see src/kernels/general.ts. A fragment computes the four pixels of a cell, by one or two
 * vectors of four channels, and writes each to a texture of its own; where the map's vectors lie is told by uniforms, as all
 * shapes are.
 */
import type { GeneralKernel } from "../../general";
import { EXPORT, TENSOR } from "../ends";
import { HEADER, ROW_TEXELS, SIGNS, targets } from "../glsl";

/**
 * The shaders there are: of convolutions, of all other kernels, and of a network's ends. Each costs time to compile, most of which
 * goes by what it renders to.
 */
export interface GeneralProgram {
  readonly kind: "general";
  readonly name: "conv" | "depthwise" | "other" | "import" | "export";
  /** Vectors of a fragment. */
  readonly each: 1 | 2;
}

export function generalShader({ name, each }: GeneralProgram): string {
  switch (name) {
    case "import":
      return HEADER + TENSOR + result(each) + IMPORT + eachPixel(each);
    case "export":
      return HEADER + mapOf(each) + PAIR + EXPORT;
    case "conv":
    case "depthwise":
      return HEADER + mapOf(each) + result(each) + WEIGHTS + activated(each) + (name === "conv" ? conv : depthwise)(each);
    case "other":
      return HEADER + mapOf(each) + result(each) + WEIGHTS + OTHER + eachPixel(each);
  }
}

/** The vectors of a fragment, and the pixels of a cell. */
const upTo = (count: number): number[] => [...Array(count).keys()];
const PIXELS = ["ivec2(0, 0)", "ivec2(1, 0)", "ivec2(0, 1)", "ivec2(1, 1)"];
const pixels = (text: (i: number) => string, join = "\n    ") => upTo(4).map(text).join(join);

/** Where pixel `p` of vector `v` lies: the vectors of a fragment in one tile, each with a texture for each pixel of a cell. */
const placeIn = (each: 1 | 2, map: string, p: string, v: string) => {
  const t = each === 1 ? v : `((${v}) >> 1)`;
  const layer = `(${p}.y & 1) * 2 + (${p}.x & 1)${each === 1 ? "" : ` + ((${v}) & 1) * 4`}`;
  return `ivec3((${p} >> 1) + ${map}Tile * ivec2(${t} % ${map}Across, ${t} / ${map}Across), ${layer})`;
};

const mapOf = (each: 1 | 2) => `
uniform int channels;
uniform sampler2DArray x;
uniform ivec2 xSize;
uniform ivec2 xTile;
uniform int xAcross;
vec4 xAt(ivec2 p, int v) {
  return texelFetch(x, ${placeIn(each, "x", "p", "v")}, 0);
}
`;

const PAIR = `
vec2 valuesAt(ivec2 pixel, int c) {
  vec4 y = xAt(pixel, c >> 2);
  return (c & 2) == 0 ? y.xy : y.zw;
}
`;

/**
 * Each value of `y` computed after the other, then written. How many there are is told by a uniform, so that compilers do not write
 * them out: most of the time of a first run went by that.
 */
const oneByOne = (
  each: 1 | 2,
  value: (pixel: string, vector: string) => string,
) => `for (int i = 0; i < targets; i++) y[i] = ${value("first + ivec2(i & 1, (i >> 1) & 1)", "v + (i >> 2)")};
  ${upTo(4 * each)
    .map((i) => `target${i} = y[${i}];`)
    .join(" ")}`;

/** What is computed: vectors from `v` on of the cell whose first pixel is `first`. */
const result = (each: 1 | 2) => `
uniform ivec2 tile;
uniform int across;
uniform int targets;
${targets(4 * each)}
void place(out ivec2 first, out int v) {
  ivec2 at = ivec2(gl_FragCoord.xy);
  ivec2 t = at / tile;
  v = ${each} * (t.y * across + t.x);
  first = 2 * (at - t * tile);
  if (t.x >= across || 4 * v >= channels) discard;
}
bvec4 isMissing(int v) {
  return greaterThanEqual(4 * v + ivec4(0, 1, 2, 3), ivec4(channels));
}
`;

const WEIGHTS = `
uniform sampler2D weights;
ivec2 placeOf(int i) {
  return ivec2(i & ${ROW_TEXELS - 1}, i >> ${Math.log2(ROW_TEXELS)});
}
vec4 weightAt(int i) {
  return texelFetch(weights, placeOf(i), 0);
}
`;

/** What an activation is called in shaders. */
export const ACTIVATIONS = { none: 0, relu: 1, relu6: 2, leaky: 3 } as const;

/** The residual, the activation, and zeros for channels that are not there: what is infinite would make them no numbers. */
const activated = (each: 1 | 2) => `
uniform int side;
uniform int stride;
uniform int dilation;
uniform int pad;
uniform int bias;
uniform int activation;
uniform float slope;
uniform bool added;
uniform sampler2DArray residual;
uniform ivec2 residualSize;
uniform ivec2 residualTile;
uniform int residualAcross;
${SIGNS}
vec4 finished(vec4 y, ivec2 p, int v) {
  if (added) {
    ivec2 at = min(p, residualSize - 1);
    y += texelFetch(residual, ${placeIn(each, "residual", "at", "v")}, 0);
  }
  if (activation == ${ACTIVATIONS.leaky}) y = mix(y, slope * y, isNegative(y));
  else if (activation > 0) y = mix(y, vec4(0.0), isNegative(y));
  if (activation == ${ACTIVATIONS.relu6}) y = mix(y, vec4(6.0), isAboveSix(y));
  return mix(y, vec4(0.0), isMissing(v));
}
bool isInside(ivec2 p) {
  return all(greaterThanEqual(p, ivec2(0))) && all(lessThan(p, xSize));
}
/** Of the pixel, or the nearest one. */
ivec3 cellOf(ivec2 p) {
  ivec2 at = clamp(p, ivec2(0), xSize - 1);
  return ivec3(at >> 1, (at.y & 1) * 2 + (at.x & 1));
}
`;

const ends = (each: 1 | 2) => `vec4 y[${4 * each}];
  ${upTo(4 * each)
    .map((i) => `y[${i}] = sum${i};`)
    .join(" ")}
  ${oneByOne(each, (pixel, vector) => `finished(y[i], ${pixel}, ${vector})`)}`;
const sums = (each: 1 | 2) =>
  upTo(each)
    .map((k) => `vec4 b${k} = weightAt(bias + v + ${k}); vec4 ${pixels((i) => `sum${4 * k + i} = b${k}`, ", ")};`)
    .join("\n  ");

const conv = (each: 1 | 2) => `
uniform int vectors;
mat4 matrixAt(int i) {
  ivec2 at = placeOf(i);
  return mat4(
    texelFetch(weights, at, 0), texelFetch(weights, at + ivec2(1, 0), 0),
    texelFetch(weights, at + ivec2(2, 0), 0), texelFetch(weights, at + ivec2(3, 0), 0));
}
void main() {
  ivec2 first;
  int v;
  place(first, v);
  ${sums(each)}
  int taps = side * side;
  for (int i = 0; i < taps; i++) {
    ivec2 p = first * stride - pad + dilation * ivec2(i % side, i / side);
    ${pixels((i) => `ivec2 p${i} = p + stride * ${PIXELS[i]}; bvec4 in${i} = bvec4(isInside(p${i})); ivec3 at${i} = cellOf(p${i});`)}
    ${upTo(each)
      .map((k) => `int weight${k} = ((v + ${k}) * taps + i) * vectors * 4;`)
      .join(" ")}
    ivec3 corner = ivec3(0);
    for (int u = 0; u < vectors; u++) {
      ${pixels((i) => `vec4 y${i} = mix(vec4(0.0), texelFetch(x, at${i} + corner, 0), in${i});`)}
      ${upTo(each)
        .map((k) => `mat4 m${k} = matrixAt(weight${k} + 4 * u); ${pixels((i) => `sum${4 * k + i} += m${k} * y${i};`, " ")}`)
        .join("\n      ")}
      ${each === 1 ? "corner.x += xTile.x;" : "corner = corner.z == 0 ? corner + ivec3(0, 0, 4) : ivec3(corner.x + xTile.x, corner.y, 0);"}
      corner = corner.x == xAcross * xTile.x ? ivec3(0, corner.y + xTile.y, 0) : corner;
    }
  }
  ${ends(each)}
}`;

const depthwise = (each: 1 | 2) => `
void main() {
  ivec2 first;
  int v;
  place(first, v);
  ivec3 corner = ${placeIn(each, "x", "ivec2(0)", "v")};
  ${sums(each)}
  int taps = side * side;
  for (int i = 0; i < taps; i++) {
    ivec2 p = first * stride - pad + dilation * ivec2(i % side, i / side);
    ${upTo(each)
      .map((k) => `vec4 w${k} = weightAt((v + ${k}) * taps + i);`)
      .join(" ")}
    ${pixels(
      (
        i,
      ) => `ivec2 p${i} = p + stride * ${PIXELS[i]}; bvec4 in${i} = bvec4(isInside(p${i})); ivec3 at${i} = cellOf(p${i}) + corner;
    ${upTo(each)
      .map((k) => `sum${4 * k + i} += w${k} * mix(vec4(0.0), texelFetch(x, at${i} + ivec3(0, 0, ${4 * k}), 0), in${i});`)
      .join(" ")}`,
    )}
  }
  ${ends(each)}
}`;

/** The functions of kernels that share a shader. */
const FUNCTIONS = {
  copy: "copied",
  resize: "resized",
  mean: "averaged",
  softmax: "likely",
  maxPool: "largest",
  upConv: "enlarged",
} as const;
const OTHERS = Object.keys(FUNCTIONS) as (keyof typeof FUNCTIONS)[];

/** The shader of a kernel, and what that is told of which one it is. */
export const shaderOf = (kernel: GeneralKernel): Pick<GeneralProgram, "name"> & { readonly kernel?: number } =>
  kernel === "conv" || kernel === "depthwise" ? { name: kernel } : { name: "other", kernel: OTHERS.indexOf(kernel) };

/** What one pixel is, by the kernel. */
const OTHER = `
uniform int kernel;
uniform vec4 mean;
uniform vec4 deviation;
uniform bool reversed;
vec4 copied(ivec2 p, int v) {
  vec4 y = (xAt(min(p, xSize - 1), v) - mean) / deviation;
  return reversed ? vec4(y.zyx, y.w) : y;
}
uniform vec2 ratio;
vec4 resized(ivec2 p, int v) {
  vec2 from = ratio * (vec2(p) + 0.5) - 0.5;
  ivec2 low = max(ivec2(floor(from)), ivec2(0));
  ivec2 high = min(ivec2(ceil(from)), xSize - 1);
  vec2 part = from - vec2(low);
  vec4 topLeft = xAt(low, v), topRight = xAt(ivec2(high.x, low.y), v);
  vec4 bottomLeft = xAt(ivec2(low.x, high.y), v), bottomRight = xAt(high, v);
  vec4 top = topLeft + (topRight - topLeft) * part.x;
  vec4 bottom = bottomLeft + (bottomRight - bottomLeft) * part.x;
  return top + (bottom - top) * part.y;
}
uniform ivec2 along;
uniform int count;
vec4 averaged(ivec2 p, int v) {
  vec4 sum = vec4(0.0);
  for (int i = 0; i < count; i++) sum += xAt(min(p, xSize - 1) + i * along, v);
  return sum / float(count);
}
vec4 likely(ivec2 p, int v) {
  float most = xAt(p, 0).x;
  for (int c = 1; c < channels; c++) most = max(most, xAt(p, c >> 2)[c & 3]);
  float sum = 0.0;
  for (int c = 0; c < channels; c++) sum += exp(xAt(p, c >> 2)[c & 3] - most);
  return mix(exp(xAt(p, v) - most) / sum, vec4(0.0), isMissing(v));
}
uniform ivec2 padding;
vec4 largest(ivec2 p, int v) {
  vec4 most = vec4(uintBitsToFloat(0xff800000u));
  for (int i = 0; i < 9; i++) {
    ivec2 at = 2 * p - padding + ivec2(i % 3, i / 3);
    if (any(lessThan(at, ivec2(0))) || any(greaterThanEqual(at, xSize))) continue;
    vec4 y = xAt(at, v);
    most = mix(most, y, greaterThan(y, most));
  }
  return most;
}
uniform int stride;
vec4 enlarged(ivec2 p, int v) {
  ivec2 place = p + stride / 2;
  ivec2 last = place / stride;
  vec4 sum = vec4(0.0);
  for (int i = 0; i < 4; i++) {
    ivec2 back = ivec2(i & 1, i >> 1);
    ivec2 at = last - back;
    if (any(lessThan(at, ivec2(0))) || any(greaterThanEqual(at, xSize))) continue;
    ivec2 tap = place - at * stride;
    sum += weightAt((v * 2 * stride + tap.y) * 2 * stride + tap.x) * xAt(at, v);
  }
  return sum;
}
vec4 valueAt(ivec2 p, int v) {
  ${OTHERS.map((name, i) => `if (kernel == ${i}) return ${FUNCTIONS[name]}(p, v);`).join("\n  ")}
}
`;

const eachPixel = (each: 1 | 2) => `
void main() {
  ivec2 first;
  int v;
  place(first, v);
  vec4 y[${4 * each}];
  ${oneByOne(each, (pixel, vector) => `valueAt(${pixel}, ${vector})`)}
}`;

const IMPORT = `
vec4 valueAt(ivec2 p, int v) {
  if (4 * v >= channels) return vec4(0.0);
  return mix(vectorAt(min(p, size - 1), 4 * v), vec4(0.0), isMissing(v));
}
`;

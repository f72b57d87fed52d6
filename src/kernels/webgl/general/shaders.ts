/**
 * The shaders of the general kernels: see src/kernels/general.ts. A fragment computes the four pixels of a cell, by one vector of
 * four channels, and writes each to a texture of its own; where the map's vectors lie is told by uniforms, as all shapes are.
 */
import type { GeneralKernel } from "../../general";
import { EXPORT, tensorVectors } from "../ends";
import { HEADER, ROW_TEXELS, SIGNS, targets } from "../glsl";

/** A general kernel, or an end of a network that they run. */
export interface GeneralProgram {
  readonly kind: "general";
  readonly name: GeneralKernel | "import" | "import packed" | "export";
}

export function generalShader({ name }: GeneralProgram): string {
  switch (name) {
    case "import":
      return HEADER + tensorVectors(false) + RESULT + imported;
    case "import packed":
      return HEADER + tensorVectors(true) + RESULT + imported;
    case "export":
      return HEADER + MAP + PAIR + EXPORT;
    case "conv":
    case "depthwise":
      return HEADER + MAP + RESULT + WEIGHTS + ACTIVATED + (name === "conv" ? CONV : DEPTHWISE);
    default:
      return HEADER + MAP + RESULT + (name === "upConv" ? WEIGHTS : "") + VALUES[name] + EACH;
  }
}

/** Vector v of a map lies in the v-th tile of each of its four textures, one for each pixel of a cell. */
const MAP = `
uniform int channels;
uniform sampler2DArray x;
uniform ivec2 xSize;
uniform ivec2 xTile;
uniform int xAcross;
ivec2 xTileAt(int v) {
  return xTile * ivec2(v % xAcross, v / xAcross);
}
vec4 xAt(ivec2 p, int v) {
  return texelFetch(x, ivec3((p >> 1) + xTileAt(v), (p.y & 1) * 2 + (p.x & 1)), 0);
}
`;

const PAIR = `
vec2 valuesAt(ivec2 pixel, int c) {
  vec4 y = xAt(pixel, c >> 2);
  return (c & 2) == 0 ? y.xy : y.zw;
}
`;

/** What is computed: vector v of the cell whose first pixel is \`first\`. */
const RESULT = `
uniform ivec2 tile;
uniform int across;
${targets(4)}
void place(out ivec2 first, out int v) {
  ivec2 at = ivec2(gl_FragCoord.xy);
  ivec2 t = at / tile;
  v = t.y * across + t.x;
  first = 2 * (at - t * tile);
  if (t.x >= across || 4 * v >= channels) discard;
}
bvec4 isMissing(int v) {
  return greaterThanEqual(4 * v + ivec4(0, 1, 2, 3), ivec4(channels));
}
`;

const WEIGHTS = `
uniform sampler2D weights;
vec4 weightAt(int i) {
  return texelFetch(weights, ivec2(i % ${ROW_TEXELS}, i / ${ROW_TEXELS}), 0);
}
`;

/** The residual, the activation, and zeros for channels that are not there: what is infinite would make them no numbers. */
const ACTIVATED = `
uniform int side;
uniform int stride;
uniform int dilation;
uniform int pad;
uniform int bias;
uniform int activation;
uniform bool added;
uniform sampler2DArray residual;
uniform ivec2 residualSize;
uniform ivec2 residualTile;
uniform int residualAcross;
${SIGNS}
vec4 finished(vec4 y, ivec2 p, int v) {
  if (added) {
    ivec2 at = min(p, residualSize - 1);
    ivec2 corner = residualTile * ivec2(v % residualAcross, v / residualAcross);
    y += texelFetch(residual, ivec3((at >> 1) + corner, (at.y & 1) * 2 + (at.x & 1)), 0);
  }
  if (activation > 0) y = mix(y, vec4(0.0), isNegative(y));
  if (activation > 1) y = mix(y, vec4(6.0), isAboveSix(y));
  return mix(y, vec4(0.0), isMissing(v));
}
bool isInside(ivec2 p) {
  return all(greaterThanEqual(p, ivec2(0))) && all(lessThan(p, xSize));
}
ivec3 cellOf(ivec2 p) {
  return ivec3(p >> 1, (p.y & 1) * 2 + (p.x & 1));
}
`;

const PIXELS = ["ivec2(0, 0)", "ivec2(1, 0)", "ivec2(0, 1)", "ivec2(1, 1)"];
const each = (text: (i: number) => string) => PIXELS.map((_, i) => text(i)).join("\n    ");

const CONV = `
uniform int vectors;
void main() {
  ivec2 first;
  int v;
  place(first, v);
  vec4 b = weightAt(bias + v);
  vec4 sum0 = b, sum1 = b, sum2 = b, sum3 = b;
  for (int i = 0; i < side * side; i++) {
    ivec2 p = first * stride - pad + dilation * ivec2(i % side, i / side);
    ${each((i) => `ivec2 p${i} = p + stride * ${PIXELS[i]}; bool in${i} = isInside(p${i}); ivec3 at${i} = cellOf(p${i});`)}
    int weight = (v * side * side + i) * vectors * 4;
    ivec3 corner = ivec3(0);
    for (int u = 0; u < vectors; u++) {
      mat4 m = mat4(weightAt(weight), weightAt(weight + 1), weightAt(weight + 2), weightAt(weight + 3));
      weight += 4;
      ${each((i) => `if (in${i}) sum${i} += m * texelFetch(x, at${i} + corner, 0);`)}
      corner.x += xTile.x;
      if (corner.x == xAcross * xTile.x) corner = ivec3(0, corner.y + xTile.y, 0);
    }
  }
  ${each((i) => `target${i} = finished(sum${i}, first + ${PIXELS[i]}, v);`)}
}`;

const DEPTHWISE = `
void main() {
  ivec2 first;
  int v;
  place(first, v);
  ivec3 corner = ivec3(xTileAt(v), 0);
  vec4 b = weightAt(bias + v);
  vec4 sum0 = b, sum1 = b, sum2 = b, sum3 = b;
  for (int i = 0; i < side * side; i++) {
    ivec2 p = first * stride - pad + dilation * ivec2(i % side, i / side);
    vec4 w = weightAt(v * side * side + i);
    ${each((i) => `ivec2 p${i} = p + stride * ${PIXELS[i]}; if (isInside(p${i})) sum${i} += w * texelFetch(x, cellOf(p${i}) + corner, 0);`)}
  }
  ${each((i) => `target${i} = finished(sum${i}, first + ${PIXELS[i]}, v);`)}
}`;

/** What one pixel is, by the kernel. */
const VALUES: Readonly<Record<Exclude<GeneralKernel, "conv" | "depthwise">, string>> = {
  copy: `
uniform vec4 mean;
uniform vec4 deviation;
uniform bool reversed;
vec4 valueAt(ivec2 p, int v) {
  vec4 y = (xAt(min(p, xSize - 1), v) - mean) / deviation;
  return reversed ? vec4(y.zyx, y.w) : y;
}
`,
  resize: `
uniform vec2 ratio;
vec4 valueAt(ivec2 p, int v) {
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
`,
  mean: `
uniform ivec2 along;
uniform int count;
vec4 valueAt(ivec2 p, int v) {
  vec4 sum = vec4(0.0);
  for (int i = 0; i < count; i++) sum += xAt(min(p, xSize - 1) + i * along, v);
  return sum / float(count);
}
`,
  softmax: `
vec4 valueAt(ivec2 p, int v) {
  float most = xAt(p, 0).x;
  for (int c = 1; c < channels; c++) most = max(most, xAt(p, c >> 2)[c & 3]);
  float sum = 0.0;
  for (int c = 0; c < channels; c++) sum += exp(xAt(p, c >> 2)[c & 3] - most);
  return mix(exp(xAt(p, v) - most) / sum, vec4(0.0), isMissing(v));
}
`,
  maxPool: `
uniform ivec2 padding;
vec4 valueAt(ivec2 p, int v) {
  vec4 most = vec4(uintBitsToFloat(0xff800000u));
  for (int i = 0; i < 9; i++) {
    ivec2 at = 2 * p - padding + ivec2(i % 3, i / 3);
    if (any(lessThan(at, ivec2(0))) || any(greaterThanEqual(at, xSize))) continue;
    vec4 y = xAt(at, v);
    most = mix(most, y, greaterThan(y, most));
  }
  return most;
}
`,
  upConv: `
uniform int stride;
vec4 valueAt(ivec2 p, int v) {
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
`,
};

const EACH = `
void main() {
  ivec2 first;
  int v;
  place(first, v);
  vec4 y[4];
  for (int i = 0; i < 4; i++) y[i] = valueAt(first + ivec2(i & 1, i >> 1), v);
  target0 = y[0];
  target1 = y[1];
  target2 = y[2];
  target3 = y[3];
}`;

const imported = `
void main() {
  ivec2 first;
  int v;
  place(first, v);
  ${each((i) => `target${i} = mix(vectorAt(min(first + ${PIXELS[i]}, size - 1), 4 * v), vec4(0.0), isMissing(v));`)}
}`;

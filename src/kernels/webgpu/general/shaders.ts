/**
 * The shaders of the general kernels on WebGPU: see src/kernels/general.ts. An invocation computes a vector of four channels, of one
 * pixel or of four side by side; all shapes are told it as it runs. A map has its vectors pixel by pixel, channels that fill the
 * last one up are zero.
 */
import type { GeneralKernel } from "../../general";
import { ACTIVATIONS } from "../wgsl";

/** A general kernel, or an end of a network that they run. */
export interface GeneralProgram {
  readonly kind: "general";
  readonly name: GeneralKernel | "import" | "export";
}

export const WORKGROUP = 64;
/** Pixels side by side that an invocation of a convolution computes. */
export const ROW = 4;

/** What a kernel is told, value by value; where nothing is said it is zero. */
export const TOLD = {
  height: "i32",
  width: "i32",
  vectors: "i32",
  outHeight: "i32",
  outWidth: "i32",
  outVectors: "i32",
  outChannels: "i32",
  /** Workgroups in a row of them. */
  groups: "i32",
  /** Of a convolution: its kernel, and where in the weights its bias begins. */
  side: "i32",
  stride: "i32",
  dilation: "i32",
  pad: "i32",
  bias: "i32",
  /** The residual; no pixels: there is none. */
  besideHeight: "i32",
  besideWidth: "i32",
  activation: "i32",
  slope: "f32",
  /** Pixels of a mean; pixels that a maximum looks at beyond the top and left. */
  count: "i32",
  top: "i32",
  left: "i32",
  /** Less than anything: shaders have no infinity of their own. */
  least: "f32",
  /** Of a picture's channels. */
  reversed: "i32",
  mean0: "f32",
  mean1: "f32",
  mean2: "f32",
  deviation0: "f32",
  deviation1: "f32",
  deviation2: "f32",
} as const;
export type Told = Partial<Record<keyof typeof TOLD, number>>;

/** What an activation is called in shaders. */
export const ACTIVATION = { none: 0, relu: 1, relu6: 2, leaky: 3 } as const;

const HEADER = `struct Told { ${Object.entries(TOLD)
  .map(([name, type]) => `${name}: ${type}`)
  .join(", ")} }
@group(0) @binding(0) var<uniform> told: Told;
fn placeOf(id: vec3u, local: u32) -> i32 { return (i32(id.y) * told.groups + i32(id.x)) * ${WORKGROUP} + i32(local); }
`;
const buffer = (binding: number, name: string, type: "f32" | "vec4f", access: "read" | "read_write" = "read") =>
  `@group(0) @binding(${binding}) var<storage, ${access}> ${name}: array<${type}>;\n`;

const MAP = buffer(1, "x", "vec4f");
const MADE = `${buffer(2, "made", "vec4f", "read_write")}
fn whole(y: vec4f, v: i32) -> vec4f {
  return select(y, vec4f(), vec4i(4 * v) + vec4i(0, 1, 2, 3) >= vec4i(told.outChannels));
}
`;
const WEIGHTS = buffer(3, "weights", "vec4f");

const main = (body: string) => `
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) local: u32) {
  let i = placeOf(id, local);${body}
}`;

export function generalShader({ name }: GeneralProgram): string {
  switch (name) {
    case "import":
      return HEADER + buffer(1, "tensor", "f32") + MADE + IMPORT;
    case "export":
      return HEADER + MAP + buffer(2, "tensor", "f32", "read_write") + EXPORT;
    case "conv":
    case "depthwise":
      return HEADER + MAP + MADE + WEIGHTS + FINISH + inRows(name);
    default:
      return HEADER + MAP + MADE + (name === "upConv" ? WEIGHTS : "") + VALUES[name] + EACH_PIXEL;
  }
}

const IMPORT = main(`
  let v = i % told.outVectors;
  let pixel = i / told.outVectors;
  if (pixel >= told.outHeight * told.outWidth) { return; }
  var y = vec4f();
  for (var lane = 0; lane < min(4, told.outChannels - 4 * v); lane++) { y[lane] = tensor[pixel * told.outChannels + 4 * v + lane]; }
  made[i] = y;`);

const EXPORT = main(`
  let c = i % told.outChannels;
  let pixel = i / told.outChannels;
  if (pixel >= told.outHeight * told.outWidth) { return; }
  tensor[i] = x[pixel * told.vectors + c / 4][c % 4];`);

/** The residual, the activation, and zeros for channels that are not there: what is infinite would make them no numbers. */
const FINISH = `${buffer(4, "beside", "vec4f")}${ACTIVATIONS}
fn isAboveSix(y: vec4f) -> vec4<bool> { return bitcast<vec4u>(y) - vec4u(0x40c00001u) < vec4u(0x7f800000u - 0x40c00000u); }
fn put(sum: vec4f, row: i32, column: i32, v: i32) {
  if (column >= told.outWidth) { return; }
  var y = sum;
  if (told.besideHeight > 0) {
    let at = min(row, told.besideHeight - 1) * told.besideWidth + min(column, told.besideWidth - 1);
    y += beside[at * told.outVectors + v];
  }
  if (told.activation == ${ACTIVATION.leaky}) { y = leaky(y, told.slope); }
  else if (told.activation > 0) { y = relu(y); }
  if (told.activation == ${ACTIVATION.relu6}) { y = select(y, vec4f(6.0), isAboveSix(y)); }
  made[(row * told.outWidth + column) * told.outVectors + v] = whole(y, v);
}
`;

const upTo = (count: number): number[] => [...Array(count).keys()];
const inRow = (text: (i: number) => string, join = "\n      ") => upTo(ROW).map(text).join(join);

/** Over all channels, or over each by itself. */
const inRows = (name: "conv" | "depthwise") => {
  const sums =
    name === "conv"
      ? `
      for (var u = 0; u < told.vectors; u++) {
        let m = (((down * told.side + across) * told.vectors + u) * told.outVectors + v) * 4;
        let matrix = mat4x4f(weights[m], weights[m + 1], weights[m + 2], weights[m + 3]);
        ${inRow((i) => `sum${i} += matrix * select(vec4f(), x[at${i} + u], in${i});`, "\n        ")}
      }`
      : `
      let w = weights[(v * told.side + down) * told.side + across];
      ${inRow((i) => `sum${i} += w * select(vec4f(), x[at${i} + v], in${i});`)}`;
  return main(`
  let rows = (told.outWidth + ${ROW - 1}) / ${ROW};
  let v = i % told.outVectors;
  let left = (i / told.outVectors) % rows * ${ROW};
  let row = i / (told.outVectors * rows);
  if (row >= told.outHeight) { return; }
  ${inRow((i) => `var sum${i} = weights[told.bias + v];`, " ")}
  for (var down = 0; down < told.side; down++) {
    let y = row * told.stride - told.pad + told.dilation * down;
    if (y < 0 || y >= told.height) { continue; }
    for (var across = 0; across < told.side; across++) {
      let first = left * told.stride - told.pad + told.dilation * across;
      ${inRow(
        (i) => `let x${i} = first + ${i} * told.stride; let in${i} = x${i} >= 0 && x${i} < told.width;
      let at${i} = (y * told.width + clamp(x${i}, 0, told.width - 1)) * told.vectors;`,
      )}${sums}
    }
  }
  ${inRow((i) => `put(sum${i}, row, left + ${i}, v);`, "\n  ")}`);
};

const EACH_PIXEL = main(`
  let v = i % told.outVectors;
  let column = (i / told.outVectors) % told.outWidth;
  let row = i / (told.outVectors * told.outWidth);
  if (row >= told.outHeight) { return; }
  made[i] = whole(valueAt(row, column, v), v);`);

/** What one pixel is, by the kernel. */
const VALUES: Readonly<Record<Exclude<GeneralKernel, "conv" | "depthwise">, string>> = {
  copy: `
fn valueAt(row: i32, column: i32, v: i32) -> vec4f {
  let mean = vec4f(told.mean0, told.mean1, told.mean2, 0.0);
  let deviation = vec4f(told.deviation0, told.deviation1, told.deviation2, 1.0);
  let y = (x[(min(row, told.height - 1) * told.width + min(column, told.width - 1)) * told.vectors + v] - mean) / deviation;
  return select(y, y.zyxw, told.reversed > 0);
}
`,
  resize: `
fn xAt(row: i32, column: i32, v: i32) -> vec4f { return x[(row * told.width + column) * told.vectors + v]; }
fn valueAt(row: i32, column: i32, v: i32) -> vec4f {
  let last = vec2i(told.width, told.height) - 1;
  let ratio = vec2f(vec2i(told.width, told.height)) / vec2f(vec2i(told.outWidth, told.outHeight));
  let centre = ratio * (vec2f(vec2i(column, row)) + 0.5) - 0.5;
  let low = max(vec2i(floor(centre)), vec2i(0));
  let high = min(vec2i(ceil(centre)), last);
  let part = centre - vec2f(low);
  let topLeft = xAt(low.y, low.x, v);
  let bottomLeft = xAt(high.y, low.x, v);
  let top = topLeft + (xAt(low.y, high.x, v) - topLeft) * part.x;
  let bottom = bottomLeft + (xAt(high.y, high.x, v) - bottomLeft) * part.x;
  return top + (bottom - top) * part.y;
}
`,
  mean: `
fn valueAt(row: i32, column: i32, v: i32) -> vec4f {
  var sum = vec4f();
  let first = (row * told.outWidth + column) * told.count;
  for (var i = first; i < first + told.count; i++) { sum += x[i * told.vectors + v]; }
  return sum / f32(told.count);
}
`,
  // Some compilers make a number of e to the power of none.
  softmax: `
fn power(y: f32) -> f32 { return select(exp(y), y, (bitcast<u32>(y) & 0x7fffffffu) > 0x7f800000u); }
fn valueAt(row: i32, column: i32, v: i32) -> vec4f {
  let first = (row * told.width + column) * told.vectors;
  var most = x[first].x;
  for (var c = 1; c < told.outChannels; c++) { most = max(most, x[first + c / 4][c % 4]); }
  var sum = 0.0;
  for (var c = 0; c < told.outChannels; c++) { sum += power(x[first + c / 4][c % 4] - most); }
  let y = x[first + v] - most;
  return vec4f(power(y.x), power(y.y), power(y.z), power(y.w)) / sum;
}
`,
  maxPool: `
fn valueAt(row: i32, column: i32, v: i32) -> vec4f {
  var most = vec4f(told.least);
  for (var i = 0; i < 9; i++) {
    let y = 2 * row - told.top + i / 3;
    let at = 2 * column - told.left + i % 3;
    if (y < 0 || at < 0 || y >= told.height || at >= told.width) { continue; }
    let seen = x[(y * told.width + at) * told.vectors + v];
    most = select(most, seen, seen > most);
  }
  return most;
}
`,
  upConv: `
fn valueAt(row: i32, column: i32, v: i32) -> vec4f {
  let place = vec2i(column, row) + told.stride / 2;
  var sum = vec4f();
  for (var i = 0; i < 4; i++) {
    let at = place / told.stride - vec2i(i % 2, i / 2);
    if (any(at < vec2i(0)) || at.x >= told.width || at.y >= told.height) { continue; }
    let tap = place - at * told.stride;
    sum += weights[(v * 2 * told.stride + tap.y) * 2 * told.stride + tap.x] * x[(at.y * told.width + at.x) * told.vectors + v];
  }
  return sum;
}
`,
};

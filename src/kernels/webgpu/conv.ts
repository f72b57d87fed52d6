/**
 * The shader of a convolution: an invocation computes some pixels of a column by one or two vectors of channels, in registers.
 * Bias, residual, activation, pixel shuffle and the enlarging of the input are part of it.
 *
 * A workgroup computes a tile of pixels by all its units. Where windows overlap (3 × 3) it brings, one vector of input channels
 * after another, the tile with a margin and the weights into workgroup memory: each value is read once from far and then by all.
 * Invocations side by side have pixels side by side and the same weights, so that they read neighbouring inputs and one weight.
 */
import { drawsOf } from "../pack";
import { type ConvPass, vectorsOf } from "../passes";
import type { ConvProgram } from "./plan";
import { ACTIVATIONS, float, HALVES, readable, upTo, writable } from "./wgsl";

/** Pixels across a tile. */
const ACROSS = 16;
/** Columns of pixels, one below the other, in a tile: few where many units share it, for workgroups have 256 invocations at most. */
const columnsOf = (program: ConvProgram): number => (groupsOf(program) > 4 ? 2 : 4);
/** Invocations that compute the same pixels. */
const groupsOf = ({ units, each }: ConvProgram): number => units / each;

/** Vectors of the result that are computed together: see `ConvOrder`. */
export const outOf = ({ units, shuffle }: ConvProgram): number => (shuffle ? units / 4 : units);

/** Pixels of a tile each way, before they are shuffled. */
export const tileOf = (program: ConvProgram) => ({ width: ACROSS, height: columnsOf(program) * program.rows });

/** How weights lie: all that a workgroup takes of one vector of input channels is together. */
export function orderOf(pass: Omit<ConvPass, "last">, program: ConvProgram) {
  const { side, inputs } = pass;
  const vectors = vectorsOf(inputs);
  const out = outOf(program);
  return {
    out,
    matrices: drawsOf(pass, out) * vectors * side * side * program.units,
    at: (draw: number, tap: number, input: number, unit: number) =>
      ((draw * vectors + input) * side * side + tap) * program.units + unit,
  };
}

export function convShader(program: ConvProgram): string {
  const { inputs, channels, rows, each, units, residual, shuffle, activation, slope, halves } = program;
  const out = outOf(program);
  const tile = tileOf(program);
  const workgroup = ACROSS * columnsOf(program) * groupsOf(program);
  const sums = upTo(rows).flatMap((row) => upTo(each).map((n) => ({ row, n, name: `sum${row}_${n}` })));
  const results = sums.map(({ row, n, name }) => {
    const place = shuffle ? `(2 * y + phase / 2) * 2 * sizes.outWidth + 2 * x + phase % 2` : "y * sizes.outWidth + x";
    const value = residual ? `${name} + beside_at(place, v)` : name;
    const y = { none: value, relu: `relu(${value})`, leaky: `leaky(${value}, ${float(slope)})` }[activation];
    return `
  {
    let unit = group * ${each} + ${n};
    let v = draw * ${out} + unit % ${out};${shuffle ? `\n    let phase = unit / ${out};` : ""}
    let x = column;
    let y = row + ${row};
    if (x < sizes.outWidth && y < sizes.outHeight && v < ${vectorsOf(channels)}) {
      let place = ${place};
      put(place, v, ${y});
    }
  }`;
  });
  return `struct Sizes { height: i32, width: i32, outHeight: i32, outWidth: i32, bias: i32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
${readable(1, "x", inputs, halves.x)}@group(0) @binding(2) var<storage, read> weights: array<vec4f>;
${writable(3, channels, halves.result)}${residual ? readable(4, "beside", channels, halves.beside) : ""}${HALVES}${ACTIVATIONS}${program.shared ? sharedMemory(program) : ""}
@compute @workgroup_size(${workgroup})
fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) index: u32) {
  let local = i32(index);
  let draw = i32(id.z);
  let group = local / ${ACROSS * columnsOf(program)};
  let top = i32(id.y) * ${tile.height};
  let left = i32(id.x) * ${tile.width};
  let across = local % ${ACROSS};
  let down = (local / ${ACROSS} % ${columnsOf(program)}) * ${rows};
  let column = left + across;
  let row = top + down;
  let bias = sizes.bias + draw * ${units} + group * ${each};
  ${sums.map(({ name, n }) => `var ${name} = weights[bias + ${n}];`).join("\n  ")}
${program.shared ? sharedSums(program, workgroup) : directSums(program)}${results.join("")}
}`;
}

const product = (sum: string, x: string, k: number) => `${sum} = fma(vec4f(${x}.${"xyzw"[k]}), w, ${sum});`;

/** Sums over windows that do not overlap, or hardly: inputs and weights are read where they lie. */
function directSums({ side, stride, pad, inputs, nearest, rows, each, units }: ConvProgram): string {
  const vectors = vectorsOf(inputs);
  const scale = nearest ? " >> 1u" : "";
  const size = nearest ? "2 * " : "";
  const reads = upTo(rows).map(
    (row) => `
      let y${row} = (row + ${row}) * ${stride} - ${pad} + tapDown;
      let in${row} = inside && y${row} >= 0 && y${row} < ${size}sizes.height;
      let at${row} = (y${row}${scale}) * sizes.width + (tapX${scale});`,
  );
  const loads = upTo(rows).map(
    (row) => `
        var x${row} = vec4f();
        if (in${row}) { x${row} = x_at(at${row}, v); }`,
  );
  const products = upTo(each).flatMap((n) =>
    upTo(4).map(
      (k) => `
        { let w = weights[matrix + ${4 * n + k}];
          ${upTo(rows)
            .map((row) => product(`sum${row}_${n}`, `x${row}`, k))
            .join(" ")} }`,
    ),
  );
  return `  for (var tapDown = 0; tapDown < ${side}; tapDown++) {
    for (var tapAcross = 0; tapAcross < ${side}; tapAcross++) {
      let tapX = column * ${stride} - ${pad} + tapAcross;
      let inside = tapX >= 0 && tapX < ${size}sizes.width;${reads.join("")}
      for (var v = 0; v < ${vectors}; v++) {
        let matrix = (((draw * ${vectors} + v) * ${side * side} + tapDown * ${side} + tapAcross) * ${units} + group * ${each}) * 4;${loads.join("")}${products.join("")}
      }
    }
  }`;
}

/** Of the input that a tile of 3 × 3 windows looks at: pixels each way. */
const seenOf = (program: ConvProgram) => ({ width: ACROSS + 2, height: tileOf(program).height + 2 });

function sharedMemory(program: ConvProgram): string {
  const seen = seenOf(program);
  return `
var<workgroup> tile: array<vec4f, ${seen.width * seen.height}>;
var<workgroup> kernel: array<vec4f, ${36 * program.units}>;
`;
}

/** Sums over 3 × 3 windows, by way of workgroup memory; a column of inputs is held in registers for three taps. */
function sharedSums(program: ConvProgram, workgroup: number): string {
  const { inputs, nearest, rows, each, units } = program;
  const vectors = vectorsOf(inputs);
  const seen = seenOf(program);
  const size = nearest ? "2 * " : "";
  const scale = nearest ? " >> 1u" : "";
  const products = upTo(3).flatMap((tap) =>
    upTo(each).flatMap((n) =>
      upTo(4).map(
        (k) => `
      { let w = kernel[matrix + ${tap * 3 * 4 * units + 4 * n + k}];
        ${upTo(rows)
          .map((row) => product(`sum${row}_${n}`, `x${row + tap}`, k))
          .join(" ")} }`,
      ),
    ),
  );
  return `  for (var v = 0; v < ${vectors}; v++) {
    workgroupBarrier();
    for (var i = local; i < ${seen.width * seen.height}; i += ${workgroup}) {
      let y = top + i / ${seen.width} - 1;
      let x = left + i % ${seen.width} - 1;
      var found = vec4f();
      if (x >= 0 && y >= 0 && x < ${size}sizes.width && y < ${size}sizes.height) {
        found = x_at((y${scale}) * sizes.width + (x${scale}), v);
      }
      tile[i] = found;
    }
    let first = (draw * ${vectors} + v) * ${36 * units};
    for (var i = local; i < ${36 * units}; i += ${workgroup}) { kernel[i] = weights[first + i]; }
    workgroupBarrier();
    for (var tap = 0; tap < 3; tap++) {
      let matrix = (tap * ${units} + group * ${each}) * 4;
      let at = down * ${seen.width} + across + tap;
      ${upTo(rows + 2)
        .map((row) => `let x${row} = tile[at + ${row * seen.width}];`)
        .join("\n      ")}${products.join("")}
    }
  }`;
}

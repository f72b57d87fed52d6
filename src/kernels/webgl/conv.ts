/**
 * The shader of a convolution: a fragment computes one or four pixels by some vectors of channels, all in registers; it looks
 * at each input once and takes each weight for all its pixels. Bias, residual, activation, pixel shuffle and the enlarging of
 * the input are part of it.
 */
import { ACTIVATIONS, HEADER, placeOf, targets, texel, weightsIn } from "./glsl";
import { type ConvProgram, tapsPerBlock } from "./plan";

/** Vectors that one pixel has in a draw. */
export const unitsOf = ({ out, shuffle }: ConvProgram): number => (shuffle ? 4 * out : out);

export const blocksOf = (program: ConvProgram): number =>
  program.weights === "texture" ? 1 : Math.ceil(program.side ** 2 / tapsPerBlock(program));

/** Taps whose weights lie in one block. */
export const tapsIn = (program: ConvProgram): number =>
  program.weights === "texture" ? program.side ** 2 : Math.min(tapsPerBlock(program), program.side ** 2);

export function convShader(program: ConvProgram): string {
  const { vectors, cell, shuffle, out, activation, residual } = program;
  const units = unitsOf(program);
  const taps = tapsIn(program);
  const { declared, matrix } = weightsIn(program.weights, blocksOf(program), taps * vectors * units);
  const pixels = [...Array(cell * cell).keys()];
  const sums = cell === 1 ? oneByOne(program, matrix) : inSquares(program, matrix);
  const phases = shuffle ? 4 : cell * cell;
  const results = [...Array(phases * out).keys()].map((i) => {
    const layer = `(draw * ${out} + ${i % out}) * ${phases} + ${Math.floor(i / out)}`;
    const sum = residual ? `sum${i} + texelFetch(residual, ivec3(at, ${layer}), 0)` : `sum${i}`;
    const y = { none: sum, relu: `relu(${sum})`, leaky: `leaky(${sum}, slope)` }[activation];
    return `
  target${i} = ${y};`;
  });
  return `${HEADER}
uniform sampler2DArray x;
uniform ivec2 size;
uniform int vectors;
uniform int draw;
uniform vec4 bias[${units}];
${activation === "leaky" ? "uniform float slope;" : ""}
${residual ? "uniform sampler2DArray residual;" : ""}
${declared}${targets(phases * out)}${activation === "none" ? "" : ACTIVATIONS}
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  ${pixels.flatMap((pixel) => [...Array(units).keys()].map((unit) => `vec4 sum${pixel * units + unit} = bias[${unit}];`)).join("\n  ")}
${sums}${results.join("")}
}`;
}

type Matrix = (block: number, index: string) => string;

/** Whether a pixel of the input is there, and where it lies; `name` is the end of the variables' names. */
const found = (name: string, from: 1 | 2) => `
  bool in${name} = all(greaterThanEqual(at${name}, ivec2(0))) && all(lessThan(at${name}, size));
  ivec3 place${name} = ${placeOf(from, `at${name}`)};`;

/** The sums of one pixel: no two taps look at the same, so they are gone through in loops, which keeps the shader short. */
function oneByOne(program: ConvProgram, matrix: Matrix): string {
  const { side, stride, pad, from, vectors, nearest } = program;
  const taps = tapsIn(program);
  const units = [...Array(unitsOf(program)).keys()];
  const blocks = [...Array(blocksOf(program)).keys()].map((block) => {
    const index = (unit: number) => `(tap * ${vectors} + v) * ${units.length} + ${unit}`;
    return `
  for (int tap = 0; tap < ${Math.min(taps, side * side - block * taps)}; tap++) {
    int i = tap + ${block * taps};
    ivec2 atTap = (at * ${stride} - ${pad} + ivec2(i % ${side}, i / ${side}))${nearest ? " >> 1" : ""};${found("Tap", from)}
    if (!inTap) continue;
    for (int v = 0; v < vectors; v++) {
      vec4 y = ${texel("x", "placeTap", "v", from)};
      ${units.map((unit) => `sum${unit} += ${matrix(block, index(unit))} * y;`).join("\n      ")}
    }
  }`;
  });
  return blocks.join("");
}

/** The sums of 2 × 2 pixels, which look at many of the same: each is held in a register. */
function inSquares(program: ConvProgram, matrix: Matrix): string {
  const { side, stride, pad, from, vectors, nearest, cell } = program;
  const units = unitsOf(program);
  const taps = tapsIn(program);
  const reach = (cell - 1) * stride + side;
  /** Which of those held that is: two neighbours may be one pixel of a map half as large. */
  const held = (i: number) => (nearest ? Math.floor((i - 1) / 2) + 1 : i);
  const count = held(reach - 1) + 1;
  const grid = [...Array(count).keys()].flatMap((y) => [...Array(count).keys()].map((x) => ({ x, y, name: `${y}_${x}` })));
  const places = grid.map(
    ({ x, y, name }) => `
  ivec2 at${name} = base + ivec2(${x}, ${y});${found(name, from)}`,
  );
  const reads = grid.map(
    ({ name }) => `
    vec4 x${name} = in${name} ? ${texel("x", `place${name}`, "v", from)} : vec4(0.0);`,
  );
  const products = [...Array(side * side).keys()].flatMap((tap) =>
    [...Array(units).keys()].map((unit) => {
      const index = `(${tap % taps} * ${vectors} + v) * ${units} + ${unit}`;
      const sums = [...Array(cell * cell).keys()].map((pixel) => {
        const y = held(Math.floor(pixel / cell) * stride + Math.floor(tap / side));
        const x = held((pixel % cell) * stride + (tap % side));
        return `sum${pixel * units + unit} += m * x${y}_${x};`;
      });
      return `
    m = ${matrix(Math.floor(tap / taps), index)};
    ${sums.join(" ")}`;
    }),
  );
  return `  ivec2 base = ${nearest ? "at - 1" : `at * ${cell * stride} - ${pad}`};${places.join("")}
  mat4 m;
  for (int v = 0; v < vectors; v++) {${reads.join("")}${products.join("")}
  }`;
}

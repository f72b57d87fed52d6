/**
 * The shader of an SFT layer in one pass: a fragment computes γ and β of one pixel, for some vectors of channels, from the
 * condition, its hidden units in registers, and gives γ ⊙ x + β. Neither γ nor β is ever stored.
 */
import { ACTIVATIONS, HEADER, placeOf, targets, texel, weightsIn } from "./glsl";
import type { SftProgram } from "./plan";

/** Matrices of the first layers of both branches, and of the second ones, for one draw. */
export const hiddenMatrices = ({ vectors, hidden }: SftProgram): number => 2 * vectors * hidden;
export const outMatrices = ({ hidden, out }: SftProgram): number => 2 * hidden * out;
/** Both blocks have one size. */
export const sftBlock = (program: SftProgram): number => Math.max(hiddenMatrices(program), outMatrices(program));

export function sftShader(program: SftProgram): string {
  const { cell, from, hidden, out, relu } = program;
  const { declared, matrix } = weightsIn(program.weights, 2, sftBlock(program));
  const branches = [...Array(2 * hidden).keys()];
  const first = branches.map((j) => `hidden${j} += ${matrix(0, `v * ${2 * hidden} + ${j}`)} * c;`);
  const layers = cell * cell;
  const results = [...Array(out).keys()].map((i) => {
    const second = (branch: number) =>
      [...Array(hidden).keys()].map((j) => ` + ${matrix(1, `${(i * 2 + branch) * hidden + j}`)} * hidden${branch * hidden + j}`);
    const y = `(bias[${2 * i}]${second(0).join("")}) * texelFetch(x, ivec3(at, (draw * ${out} + ${i}) * ${layers} + phase), 0)
    + (bias[${2 * i + 1}]${second(1).join("")})`;
    return `
  target${i} = ${relu ? `relu(${y})` : y};`;
  });
  return `${HEADER}
uniform sampler2DArray x;
uniform sampler2DArray condition;
uniform int draw;
uniform int phase;
uniform int vectors;
uniform float slope;
uniform vec4 hiddenBias[${2 * hidden}];
uniform vec4 bias[${2 * out}];
${declared}${targets(out)}${ACTIVATIONS}
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  ivec2 pixel = at * ${cell} + ivec2(phase & 1, phase >> 1);
  ivec3 place = ${placeOf(from, "pixel")};
  ${branches.map((j) => `vec4 hidden${j} = hiddenBias[${j}];`).join("\n  ")}
  for (int v = 0; v < vectors; v++) {
    vec4 c = ${texel("condition", "place", "v", from)};
    ${first.join("\n    ")}
  }
  ${branches.map((j) => `hidden${j} = leaky(hidden${j}, slope);`).join("\n  ")}${results.join("")}
}`;
}

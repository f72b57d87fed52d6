/**
 * The shader of a whole SFT layer. A workgroup takes some pixels: it computes the hidden units of both branches into workgroup
 * memory, then γ, β and γ ⊙ x + β in registers. Neither hidden units nor γ nor β ever leave it.
 */
import type { SftProgram } from "./plan";
import { ACTIVATIONS, float, HALVES, readable, upTo, writable } from "./wgsl";

/** Pixels of a workgroup; an invocation computes some of them at a time, by one vector of channels. */
export const PIXELS = 32;
const EACH = 4;
const GROUPS = PIXELS / EACH;
const WORKGROUP = 128;

/** Where the matrices of the second layers begin: see `packSft`. */
export const blockOf = ({ vectors, hidden, out }: SftProgram): number => 2 * hidden * Math.max(vectors, out);

export function sftShader(program: SftProgram): string {
  const { vectors, hidden, out, slope, relu, halves } = program;
  const pixels = upTo(EACH);
  const each = (text: (pixel: number) => string, join = "\n    ") => pixels.map(text).join(join);
  const product = (sum: string, x: string, k: number) => `${sum} = fma(vec4f(${x}.${"xyzw"[k]}), w, ${sum});`;
  const first = upTo(4).map((k) => `{ let w = weights[matrix + ${k}]; ${each((p) => product(`sum${p}`, `x${p}`, k), " ")} }`);
  const second = upTo(4).flatMap((k) =>
    ["gamma", "beta"].map((branch, b) => {
      const at = `matrix + ${b * 4 * hidden + k}`;
      return `{ let w = weights[${at}]; ${each((p) => product(`${branch}${p}`, `${branch}Hidden${p}`, k), " ")} }`;
    }),
  );
  return `struct Sizes { pixels: i32, across: i32, bias: i32 }
@group(0) @binding(0) var<uniform> sizes: Sizes;
${readable(1, "x", 4 * out, halves.x)}@group(0) @binding(2) var<storage, read> weights: array<vec4f>;
${writable(3, 4 * out, halves.result)}${readable(4, "condition", 4 * vectors, halves.beside)}${HALVES}${ACTIVATIONS}
var<workgroup> seen: array<vec4f, ${PIXELS * vectors}>;
var<workgroup> hidden: array<vec4f, ${PIXELS * 2 * hidden}>;
@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) index: u32) {
  let local = i32(index);
  let start = (i32(id.y) * sizes.across + i32(id.x)) * ${PIXELS};
  for (var i = local; i < ${PIXELS * vectors}; i += ${WORKGROUP}) {
    seen[i] = condition_at(min(start + i / ${vectors}, sizes.pixels - 1), i % ${vectors});
  }
  workgroupBarrier();
  for (var i = local; i < ${GROUPS * 2 * hidden}; i += ${WORKGROUP}) {
    let pixel = (i % ${GROUPS}) * ${EACH};
    let unit = i / ${GROUPS};
    ${each((p) => `var sum${p} = weights[sizes.bias + unit];`)}
    for (var v = 0; v < ${vectors}; v++) {
      let matrix = (v * ${2 * hidden} + unit) * 4;
      ${each((p) => `let x${p} = seen[(pixel + ${p}) * ${vectors} + v];`)}
      ${first.join("\n      ")}
    }
    ${each((p) => `hidden[(pixel + ${p}) * ${2 * hidden} + unit] = leaky(sum${p}, ${float(slope)});`)}
  }
  workgroupBarrier();
  for (var i = local; i < ${GROUPS * out}; i += ${WORKGROUP}) {
    let pixel = (i % ${GROUPS}) * ${EACH};
    let v = i / ${GROUPS};
    let bias = sizes.bias + ${2 * hidden} + 2 * v;
    ${each((p) => `var gamma${p} = weights[bias]; var beta${p} = weights[bias + 1];`)}
    for (var unit = 0; unit < ${hidden}; unit++) {
      let matrix = (${blockOf(program)} + 2 * v * ${hidden} + unit) * 4;
      ${each((p) => `let gammaHidden${p} = hidden[(pixel + ${p}) * ${2 * hidden} + unit];`)}
      ${each((p) => `let betaHidden${p} = hidden[(pixel + ${p}) * ${2 * hidden} + ${hidden} + unit];`)}
      ${second.join("\n      ")}
    }
    ${each((p) => {
      const y = `gamma${p} * x_at(start + pixel + ${p}, v) + beta${p}`;
      return `if (start + pixel + ${p} < sizes.pixels) { put(start + pixel + ${p}, v, ${relu ? `relu(${y})` : y}); }`;
    })}
  }
}`;
}

/** The shaders of the sum of squares: of a tensor's parts, one to a fragment, then of all of them. */
import { HEADER, targets } from "./glsl";

/** Each way: so many fragments sum a part each. */
export const SUM_SIDE = 32;
const PARTS = SUM_SIDE ** 2;

/** The parts of a tensor; then all of them. */
export interface SquaresProgram {
  readonly kind: "squares";
  readonly of: "tensor" | "parts";
}

/** A packed texel has two pixels of a row by two channels, and anything where there is no such pixel or channel. */
const SQUARE = `
uniform bool packed;
uniform ivec2 last;
uniform int offset;
float squareAt(int i) {
  int place = packed ? i : i + offset;
  vec4 y = texelFetch(tensor, ivec2(place % columns, place / columns), 0);
  ivec2 pairs = (last + 1) / 2;
  bvec2 isIn = lessThan(2 * ivec2((i / pairs.y) % pairs.x, i % pairs.y) + 1, last);
  bvec3 isThere = packed ? bvec3(isIn.yx, isIn.x && isIn.y) : bvec3(false);
  y.yzw = mix(vec3(0.0), y.yzw, isThere);
  return dot(y, y);
}
`;

export function squaresShader({ of }: SquaresProgram): string {
  if (of === "parts")
    return `${HEADER}
uniform sampler2DArray x;
${targets(1)}
void main() {
  float sum = 0.0;
  for (int i = 0; i < ${PARTS}; i++) sum += texelFetch(x, ivec3(i % ${SUM_SIDE}, i / ${SUM_SIDE}, 0), 0).r;
  target0 = vec4(sum, 0.0, 0.0, 0.0);
}`;
  return `${HEADER}
uniform sampler2D tensor;
uniform int columns;
uniform int texels;
${targets(1)}${SQUARE}
void main() {
  int each = (texels + ${PARTS - 1}) / ${PARTS};
  int first = (int(gl_FragCoord.y) * ${SUM_SIDE} + int(gl_FragCoord.x)) * each;
  float sum = 0.0;
  for (int i = first; i < min(first + each, texels); i++) sum += squareAt(i);
  target0 = vec4(sum, 0.0, 0.0, 0.0);
}`;
}

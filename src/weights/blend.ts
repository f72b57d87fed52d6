/**
 * Network interpolation: every parameter between those of two models. Source: Wang et al., "ESRGAN: Enhanced Super-Resolution
 * Generative Adversarial Networks", ECCV workshops 2018, section 3.4, where one is trained for fidelity and the other goes on
 * from it for texture.
 */
import { sha256 } from "../graph/file";
import { quoted } from "../quoted";
import type { HostTensor, Model } from "../types";
import { ARCHITECTURES } from "./describe";
import { weightsOf } from "./weights";
import { shapeText } from "./wording";

/**
 * (1 − `amount`) of each of `a`'s parameters and `amount` of `b`'s, 0 to 1: a model of its own; at 0 and 1 it is `a` or `b`
 * itself. Its hash is that of both hashes and the amount, its metadata names them.
 * Throws an error that names the first difference where the two are not of one architecture, one size, one set of names
 * and one meaning of the prior.
 */
export async function blendModels(a: Model, b: Model, amount: number): Promise<Model> {
  if (!(amount >= 0 && amount <= 1)) throw new Error(`models cannot be blended by an amount of ${amount}: give 0 to 1`);
  checkAlike(a, b);
  if (amount === 0) return a;
  if (amount === 1) return b;
  const hash = await sha256(JSON.stringify(["blend", a.hash, b.hash, amount]));
  const [first, second] = [a.weights.tensors, b.weights.tensors];
  const blended = Object.entries(first).map(([name, tensor]) => [name, between(tensor, second[name]!, amount)] as const);
  const { classes } = a.metadata;
  return {
    ...a,
    weights: weightsOf(Object.fromEntries(blended)),
    hash,
    name: `blend of ${short(a)} and ${short(b)}`,
    metadata: { first: a.hash, second: b.hash, amount: String(amount), ...(classes !== undefined && { classes }) },
  };
}

const between = ({ shape, data }: HostTensor, b: HostTensor, amount: number): HostTensor => ({
  shape,
  data: data.map((value, i) => (1 - amount) * value + amount * b.data[i]!),
});

/** A model's name without folder and ending, cut: the name of a blend of blends does not grow. */
const short = ({ name }: Model) => {
  const bare = name.replace(/^weights:|\.(safetensors|pth|pt)$/gi, "");
  return bare.length > 24 ? `${bare.slice(0, 23)}…` : bare;
};

/** What two models have in common if their parameters do, largest first: how it is said, and what it is. */
const SIZES: readonly (readonly [said: (size: number) => string, of: "blocks" | "features" | "condition" | "classes"])[] = [
  [(n) => `${n} residual blocks`, "blocks"],
  [(n) => `${n} features`, "features"],
  [(n) => `a condition of ${n} channels`, "condition"],
  [(n) => `a prior of ${n} channels`, "classes"],
];

function checkAlike(a: Model, b: Model): void {
  const [first, second] = [quoted(a.name), quoted(b.name)];
  if (a.architecture !== b.architecture)
    throw new Error(
      `${first} is ${ARCHITECTURES[a.architecture]}, but ${second} is ${ARCHITECTURES[b.architecture]}: blend two of one architecture`,
    );
  for (const [said, size] of SIZES)
    if (a[size] !== b[size])
      throw new Error(`${first} has ${said(a[size])}, but ${second} has ${b[size]}: blend two of the same sizes`);
  for (const name of new Set([a, b].flatMap(({ weights }) => Object.keys(weights.tensors)))) {
    const shapes = [a, b].map(({ weights }) => weights.tensors[name]?.shape);
    const [one, two] = shapes.map((shape) => (shape ? shapeText(shape) : "missing"));
    if (one !== two)
      throw new Error(
        `the tensor ${quoted(name)} is ${one} in ${first} and ${two} in ${second}: blend two with the same names and shapes`,
      );
  }
  const [mine, yours] = [a, b].map(({ metadata }) => metadata.classes?.replace(/\s/g, ""));
  if (mine !== undefined && yours !== undefined && mine !== yours)
    throw new Error(
      `the first model was trained on a prior of ${quoted(mine)}, but the second on one of ${quoted(yours)}: blend two that know the same prior`,
    );
}

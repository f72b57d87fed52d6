/** Our WebGL 2 kernels in the place of tfjs's: which of their blockings is used, if any. */
import type { MathBackendWebGL } from "@tensorflow/tfjs-backend-webgl";
import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "../../types";
import { type Candidate, computeHere, Stopped, type Trial } from "../choose";
import { Execution, runAll } from "../execution";
import type { Network } from "../network";
import { accelerate, type FindReader, readBy } from "../tfjs/run";
import { type Checked, checkKernels, programsOf } from "./check";
import { type Device, deviceOf } from "./device";
import { generalPrograms, generalReader } from "./general/reader";
import { type Blocking, type Plan, planOf } from "./plan";
import { ShaderError } from "./programs";

/** By name, the likely best first. */
export const BLOCKINGS = {
  "2×2×8": { cell: 2, targets: 8, weights: "uniforms" },
  "2×2×4": { cell: 2, targets: 4, weights: "uniforms" },
  "2×2×8 texture": { cell: 2, targets: 8, weights: "texture" },
  "1×1×32": { cell: 1, targets: 8, weights: "uniforms" },
  "2×2×8 half": { cell: 2, targets: 8, weights: "uniforms", half: true },
} as const satisfies Readonly<Record<string, Blocking>>;
export type BlockingName = keyof typeof BLOCKINGS;

const present = (): Device => deviceOf(tf.backend() as MathBackendWebGL);

/** From now on networks on WebGL run by this blocking, or by tfjs's kernels. A shader that does not compile ends that. */
export function useBlocking(name: BlockingName | undefined, failed?: (error: Error) => void): void {
  accelerate(
    "webgl",
    name &&
      ((model, network, given) => {
        try {
          return runBlocked(BLOCKINGS[name], model, network, given);
        } catch (error) {
          if (!(error instanceof ShaderError)) throw error;
          useBlocking(undefined);
          failed?.(error);
          return undefined;
        }
      }),
  );
}

/**
 * From now on networks on WebGL that no blocking runs are computed by the general kernels, where they can, or by tfjs's. A shader
 * that does not compile ends that.
 */
export function useGeneral(used: boolean, failed?: (error: Error) => void): void {
  const find: FindReader = (model, network, given) => {
    try {
      return generalReader(present(), model, network, given);
    } catch (error) {
      if (!(error instanceof ShaderError)) throw error;
      useGeneral(false);
      failed?.(error);
      return undefined;
    }
  };
  readBy("webgl", used ? find : undefined);
}

/** The network's result by the general kernels, on tfjs's present backend, which is WebGL; undefined where they cannot run it. */
export function runGeneral(
  model: Pick<Model, "weights">,
  network: Network,
  given: Readonly<Record<string, tf.Tensor4D>>,
): tf.Tensor4D | undefined {
  const reader = generalReader(present(), model, network, given);
  return reader && runAll(new Execution(network, reader, given));
}

/**
 * The network's result by our kernels, on tfjs's present backend, which is WebGL; undefined where they cannot run it. Throws an
 * error where a shader does not compile or memory runs out.
 */
export function runBlocked(
  blocking: Blocking,
  model: Pick<Model, "weights">,
  network: Network,
  given: Readonly<Record<string, tf.Tensor4D>>,
): tf.Tensor4D | undefined {
  const device = present();
  const plan = planFor(blocking, model, network);
  return plan && device.run(model.weights, network, plan, given);
}

/** The plan on the present device. */
export function planFor(blocking: Blocking, model: Pick<Model, "weights">, network: Network): Plan | undefined {
  const { limits } = present();
  return blocking.targets <= limits.targets ? planOf(model, network, blocking) : undefined;
}

/**
 * Compiles what networks need, beside what else there is to do; messages come in meanwhile (`turn`). All together, or, `ahead` of
 * their need, one after another.
 */
export async function compile(
  blocking: Blocking,
  model: Pick<Model, "weights">,
  networks: readonly Network[],
  turn: () => Promise<void>,
  how: "prepare" | "ahead" = "prepare",
): Promise<void> {
  const device = present();
  const kinds = networks.flatMap((network) => {
    const plan = planFor(blocking, model, network);
    return plan ? device.kindsOf(network, plan) : [];
  });
  await device.programs[how](kinds, turn);
}

const networksOf = ({ stages }: Trial): Network[] => stages.map(({ network }) => network);

/** Of no side, nor of half of it, a power of two: see `oddSide`. */
const SMALL = { height: 9, width: 11 };

/**
 * Runs networks once on almost nothing, pass by pass: many drivers compile a program once more when something is first drawn with it.
 * `between` waits until that is done; stops where it rejects.
 */
export async function warmUp(
  blocking: Blocking,
  model: Pick<Model, "weights">,
  networks: readonly Network[],
  between: () => Promise<void>,
): Promise<void> {
  const device = present();
  const unlessGone = async () => {
    await between();
    if (tf.findBackend("webgl") !== device.backend || device.gl.isContextLost()) throw new Stopped();
  };
  for (const network of networks) {
    const plan = planFor(blocking, model, network);
    if (!plan) continue;
    const given = Object.fromEntries(
      Object.entries(network.inputs).map(([name, { channels, scale }]) => [
        name,
        tf.zeros<tf.Rank.R4>([1, scale * SMALL.height, scale * SMALL.width, channels]),
      ]),
    );
    try {
      (await device.runSlowly(unlessGone, model.weights, network, plan, given))?.dispose();
    } finally {
      tf.dispose(given);
    }
  }
}

/** What there is to try on the present device: see `tryAll`. */
export const candidatesFor = ({ model, stages }: Trial): Candidate<BlockingName>[] =>
  Object.entries<Blocking>(BLOCKINGS)
    .filter(([, blocking]) => !blocking.half && stages.every(({ network }) => planFor(blocking, model, network)))
    .map(([name, blocking]) => ({
      choice: name as BlockingName,
      async compute(trial, given, turn) {
        await compile(blocking, trial.model, networksOf(trial), turn);
        return computeHere(trial, given, (network, maps) => runBlocked(blocking, trial.model, network, maps));
      },
    }));

/** The general kernels on trial, where they can run all of it. */
export const generalCandidates = ({ model, stages }: Trial): Candidate<"general">[] =>
  stages.every(({ network }) => generalPrograms(present(), model, network))
    ? [
        {
          choice: "general",
          async compute(trial, given, turn) {
            await compileGeneral(trial.model, networksOf(trial), turn);
            return computeHere(trial, given, (network, maps) => runGeneral(trial.model, network, maps));
          },
        },
      ]
    : [];

/** Compiles the general kernels that networks need, of those that they can run: see `compile`. */
export const compileGeneral = (
  model: Pick<Model, "weights">,
  networks: readonly Network[],
  turn: () => Promise<void>,
  how: "prepare" | "ahead" = "prepare",
): Promise<void> =>
  present().programs[how](
    networks.flatMap((network) => generalPrograms(present(), model, network) ?? []),
    turn,
  );

/** Compiles sets of kernels one program after another, ahead of their need; stops where `turn` rejects. */
export const compileSets = (sets: readonly Checked[], turn: () => Promise<void>): Promise<void> =>
  present().programs.ahead(
    sets.flatMap((set) => programsOf(present(), set)),
    turn,
  );

/** What the present device computes wrong of a set of our kernels: see `checkKernels`. */
export const whatFails = (checked: Checked, turn: () => Promise<void>): Promise<string | undefined> =>
  checkKernels(present(), checked, turn);

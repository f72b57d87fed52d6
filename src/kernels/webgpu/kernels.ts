/** Our WebGPU kernels in the place of tfjs's: which of their blockings is used, if any. */
import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import * as tf from "@tensorflow/tfjs-core";
import type { Model } from "../../types";
import { type Candidate, computeHere, type Trial } from "../choose";
import { shapesOf } from "../cost";
import { Execution, runAll } from "../execution";
import { type Network, outputOf } from "../network";
import { accelerate, type FindReader, readBy } from "../tfjs/run";
import { checkGeneral } from "./check";
import { type Buffers, Device } from "./device";
import { generalPrograms, generalReader } from "./general/reader";
import { type Blocking, planOf } from "./plan";
import { newTensor, submit, tensorBuffer } from "./tensors";

/** By name, the likely best first. */
export const BLOCKINGS = {
  "WebGPU 8×8": { rows: 8 },
  "WebGPU 4×8": { rows: 4 },
  "WebGPU 8×8 half": { rows: 8, half: true },
} as const satisfies Readonly<Record<string, Blocking>>;
export type BlockingName = keyof typeof BLOCKINGS;

const devices = new WeakMap<GPUDevice, Device>();

/** Ours on a device. */
export function deviceOf(device: GPUDevice, buffers: Buffers): Device {
  const found = devices.get(device) ?? new Device(device, buffers);
  devices.set(device, found);
  return found;
}

const present = (): { readonly backend: WebGPUBackend; readonly device: Device } => {
  const backend = tf.backend() as WebGPUBackend;
  return { backend, device: deviceOf(backend.device, backend.bufferManager) };
};

/** From now on networks on WebGPU run by this blocking, or by tfjs's kernels. */
export function useBlocking(name: BlockingName | undefined): void {
  accelerate("webgpu", name && ((model, network, given) => runBlocked(BLOCKINGS[name], model, network, given)));
}

/** The network's result by our kernels, on tfjs's present backend, which is WebGPU; undefined where they cannot run it. */
export function runBlocked(
  blocking: Blocking,
  model: Pick<Model, "weights">,
  network: Network,
  given: Readonly<Record<string, tf.Tensor4D>>,
): tf.Tensor4D | undefined {
  const plan = planOf(model, network, blocking);
  if (!plan) return undefined;
  const { backend, device } = present();
  const { channels } = shapesOf(model, network).get(outputOf(network))!;
  const names = Object.keys(network.inputs);
  const maps = Object.fromEntries(names.map((name) => [name, tensorBuffer(backend, given[name]!)]));
  submit(backend);
  let made: tf.Tensor4D | undefined;
  device.run(model.weights, network, plan, maps, ({ height, width }) => {
    const { tensor, buffer } = newTensor(backend, [1, height, width, channels]);
    made = tensor;
    return buffer;
  });
  return made;
}

/** Compiles what networks need, beside what else there is to do: see `Pipelines.prepare`. */
export async function compile(
  blocking: Blocking,
  model: Pick<Model, "weights">,
  networks: readonly Network[],
  turn?: () => Promise<void>,
): Promise<void> {
  const kinds = networks.flatMap((network) => planOf(model, network, blocking)?.passes.map(({ program }) => program) ?? []);
  await present().device.pipelines.prepare(kinds, turn);
}

/**
 * From now on networks on WebGPU that no blocking runs are computed by the general kernels, where they can, or by tfjs's. A shader
 * that does not compile ends the session, unless `compileGeneral` has told of it.
 */
export function useGeneral(used: boolean): void {
  const find: FindReader = (model, network) => {
    const { backend, device } = present();
    return generalReader(device, backend, model, network);
  };
  readBy("webgpu", used ? find : undefined);
}

/** The network's result by the general kernels, on tfjs's present backend, which is WebGPU; undefined where they cannot run it. */
export function runGeneral(
  model: Pick<Model, "weights">,
  network: Network,
  given: Readonly<Record<string, tf.Tensor4D>>,
): tf.Tensor4D | undefined {
  const { backend, device } = present();
  const reader = generalReader(device, backend, model, network);
  return reader && runAll(new Execution<unknown>(network, reader, given));
}

/** Compiles the general kernels that networks need, of those that they can run: see `compile`. */
export const compileGeneral = (
  model: Pick<Model, "weights">,
  networks: readonly Network[],
  turn?: () => Promise<void>,
): Promise<void> =>
  present().device.pipelines.prepare(
    networks.flatMap((network) => generalPrograms(model, network) ?? []),
    turn,
  );

/** What the present device computes wrong of the general kernels: see `checkGeneral`. */
export const whatFails = (turn: () => Promise<void>): Promise<string | undefined> => checkGeneral(present().device, turn);

/** The general kernels on trial, where they can run all of it. */
export const generalCandidates = ({ model, stages }: Trial): Candidate<"general">[] =>
  stages.every(({ network }) => generalPrograms(model, network))
    ? [
        {
          choice: "general",
          compute: (trial, given) => computeHere(trial, given, (network, maps) => runGeneral(trial.model, network, maps)),
        },
      ]
    : [];

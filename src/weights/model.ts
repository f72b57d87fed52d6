/** A weights file as a network ready to run: read, recognised and checked. */
import { sha256 } from "../graph/file";
import { quoted } from "../quoted";
import type { HostTensor, Model } from "../types";
import { ACCEPTED, describe } from "./describe";
import { foldBatchNorms } from "./fold";
import { type ElementType, type FileTensor, HALF_EXPONENT, isFloat } from "./host-tensor";
import { isNpy } from "./npy";
import { isPth, readPth } from "./pth";
import { isSafetensors, readSafetensors } from "./safetensors";
import { stateDict } from "./state-dict";
import { weightsOf } from "./weights";

/**
 * Loads `.safetensors` and both kinds of `.pth`, told apart by content, whatever training code put around the network's names
 * (src/weights/state-dict.ts). Weights are float32 under their PyTorch names and in PyTorch's layout, batch norms folded; they
 * stay in host memory until a reader of src/kernels makes its copies. Throws an error that names the file where it is no
 * network that can be run here, is not whole, or has a weight that is no float, not finite or above 1e9.
 */
export async function loadModel(bytes: Uint8Array, name: string): Promise<Model> {
  const hash = sha256(bytes); // meanwhile
  hash.catch(() => {}); // whoever waits for it says so
  const { tensors, metadata } = read(bytes, name);
  const found = stateDict(tensors, name);
  const { names, ...description } = describe(found, name);
  for (const source of names.values()) {
    checkType(found[source]!.type, source, name);
    checkValues(found[source]!, source, name);
  }
  const folded = foldBatchNorms(Object.fromEntries([...names].map(([target, source]) => [target, found[source]!])), name);
  const checked = new Set(Object.values(found));
  for (const [key, tensor] of Object.entries(folded)) if (!checked.has(tensor as FileTensor)) checkValues(tensor, key, name); // a negative variance
  return { ...description, weights: weightsOf(folded), metadata, hash: await hash, name };
}

/** Frees what readers made of the model's weights. */
export function disposeModel(model: Model): void {
  model.weights.dispose();
}

function read(bytes: Uint8Array, name: string): { tensors: Record<string, FileTensor>; metadata: Record<string, string> } {
  if (isSafetensors(bytes)) return readSafetensors(bytes, name);
  if (isPth(bytes)) return { tensors: readPth(bytes, name), metadata: {} };
  throw new Error(`${quoted(name)} is not a weights file but ${kind(bytes)}; ${ACCEPTED}, as .pth or .safetensors`);
}

/** What people pick by mistake, or are sent in place of the file. */
function kind(bytes: Uint8Array): string {
  const start = String.fromCharCode(...bytes.subarray(0, 64));
  if (bytes.length === 0) return "empty";
  if (start.startsWith("\x89PNG") || start.startsWith("\xff\xd8\xff") || /^(GIF8|RIFF....WEBP)/s.test(start)) return "a picture";
  if (isNpy(bytes)) return "a NumPy array";
  if (/^\s*<(!doctype|html|\?xml)/i.test(start)) return "a web page, perhaps an error page in place of a download";
  if (start.startsWith("version https://git-lfs")) return "a Git LFS pointer to one";
  if (start.startsWith("\x1f\x8b")) return "a gzip archive";
  return "something else";
}

function checkType(type: ElementType, tensor: string, name: string): void {
  if (isFloat(type)) return;
  const what = type === "bool" ? "truth values (bool)" : `whole numbers (${type})`;
  throw new Error(
    `${quoted(name)} has ${what} in its tensor ${quoted(tensor)}, and weights are floats of 16, 32 or 64 bits; save the network as it was trained`,
  );
}

/** No trained network comes near: sums of larger weights overflow. */
const LARGEST_WEIGHT = 1e9;

function checkValues(values: HostTensor, tensor: string, name: string): void {
  if (values.halves && areFinite(values.halves)) return; // and none is above 65504
  const { data } = values;
  for (let i = 0; i < data.length; i++) {
    if (Math.abs(data[i]!) <= LARGEST_WEIGHT) continue;
    throw new Error(
      `${quoted(name)} has ${data[i]} at place ${i} of its tensor ${quoted(tensor)}; its training failed, use another`,
    );
  }
}

/** Two at a time: an exponent of which all bits are set, of infinity or no number, carries into the bit above it. */
function areFinite(halves: Uint16Array): boolean {
  const { buffer, byteOffset, length } = halves;
  if (byteOffset % 4 !== 0 || length % 2 !== 0) return halves.every((half) => (half & HALF_EXPONENT) !== HALF_EXPONENT);
  const pairs = new Int32Array(buffer, byteOffset, length / 2);
  let carried = 0;
  for (let i = 0; i < pairs.length; i++) carried |= (pairs[i]! & TWO_EXPONENTS) + TWO_CARRIES;
  return (carried & 0x8000_8000) === 0;
}

const TWO_EXPONENTS = HALF_EXPONENT * 0x1_0001;
const TWO_CARRIES = 0x400 * 0x1_0001;

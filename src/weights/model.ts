/** A weights file as a network ready to run: read, recognised and checked. */
import { sha256 } from "../graph/file";
import { quoted } from "../quoted";
import type { Model } from "../types";
import { ACCEPTED, describe } from "./describe";
import { foldBatchNorms } from "./fold";
import { type ElementType, type FileTensor, isFloat } from "./host-tensor";
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
  const { tensors, metadata } = read(bytes, name);
  const found = stateDict(tensors, name);
  const { names, ...description } = describe(found, name);
  for (const source of names.values()) {
    checkType(found[source]!.type, source, name);
    checkValues(found[source]!.data, source, name);
  }
  const folded = foldBatchNorms(Object.fromEntries([...names].map(([target, source]) => [target, found[source]!])), name);
  const checked = new Set(Object.values(found));
  for (const [key, tensor] of Object.entries(folded)) if (!checked.has(tensor as FileTensor)) checkValues(tensor.data, key, name); // a negative variance
  const hash = await sha256(bytes);
  return { ...description, weights: weightsOf(folded), metadata, hash, name };
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

function checkValues(data: Float32Array, tensor: string, name: string): void {
  for (let i = 0; i < data.length; i++) {
    if (Math.abs(data[i]!) <= LARGEST_WEIGHT) continue;
    throw new Error(
      `${quoted(name)} has ${data[i]} at place ${i} of its tensor ${quoted(tensor)}; its training failed, use another`,
    );
  }
}

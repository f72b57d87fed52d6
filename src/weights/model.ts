/** A weights file as a network ready to run: read, recognised, checked, and its kernels turned to tfjs's layout. */
import * as tf from "@tensorflow/tfjs-core";
import { sha256 } from "../graph/file";
import type { Model } from "../types";
import { ACCEPTED, describe } from "./describe";
import { foldBatchNorms } from "./fold";
import { type ElementType, type FileTensor, type HostTensor, isFloat } from "./host-tensor";
import { BRANCHES, GROUPED } from "./layouts";
import { isNpy } from "./npy";
import { isPth, readPth } from "./pth";
import { isSafetensors, readSafetensors } from "./safetensors";
import { stateDict } from "./state-dict";
import { quoted } from "./wording";

/**
 * Loads `.safetensors` and both kinds of `.pth`, told apart by content, whatever training code put around the network's names
 * (src/weights/state-dict.ts). Weights are float32 tensors under their PyTorch
 * names, owned by the model: kernels `[kh, kw, in, out]` (so the grouped transposed convolution `deconv.weight` of
 * `outdoor-scene-seg`, `[8, 1, 16, 16]` in the file, is `[16, 16, 1, 8]`), batch norms folded, grouped 1×1 convolutions as
 * plain ones. Throws one sentence that names the file where it is no network that can be run here, is not whole, or has a
 * weight that is no float or not finite; no tensor is left behind then.
 */
export async function loadModel(bytes: Uint8Array, name: string): Promise<Model> {
  const { tensors, metadata } = read(bytes, name);
  const found = stateDict(tensors, name);
  const { names, ...description } = describe(found, name);
  for (const source of names.values()) {
    checkType(found[source]!.type, source, name);
    checkFinite(found[source]!.data, source, name);
  }
  const folded = foldBatchNorms(Object.fromEntries([...names].map(([target, source]) => [target, found[source]!])), name);
  for (const [key, tensor] of Object.entries(folded)) checkFinite(tensor.data, key, name); // a negative variance
  const hash = await sha256(bytes);
  const weights: Record<string, tf.Tensor> = Object.create(null);
  try {
    for (const [target, tensor] of Object.entries(folded)) {
      weights[target] = toTensor(GROUPED.test(target) ? ungrouped(tensor, BRANCHES) : tensor);
    }
  } catch (error) {
    tf.dispose(Object.values(weights));
    throw error;
  }
  return { ...description, weights, metadata, hash, name };
}

/** Frees the model's tensors. */
export function disposeModel(model: Model): void {
  tf.dispose(Object.values(model.weights));
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

function checkFinite(data: Float32Array, tensor: string, name: string): void {
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    throw new Error(
      `${quoted(name)} has ${data[i]} at place ${i} of its tensor ${quoted(tensor)}; its training failed, use another`,
    );
  }
}

/** A grouped convolution's kernel `[out, in / groups, 1, 1]` as a plain one's, with zeros between two groups: one pass on a GPU. */
function ungrouped({ shape, data }: HostTensor, groups: number): HostTensor {
  const [out, within] = shape as [number, number];
  const into = groups * within;
  const plain = new Float32Array(out * into);
  for (let o = 0; o < out; o++) {
    const group = Math.floor((o * groups) / out);
    plain.set(data.subarray(o * within, (o + 1) * within), o * into + group * within);
  }
  return { shape: [out, into, 1, 1], data: plain };
}

/** `[out, in, kh, kw]` to `[kh, kw, in, out]`; vectors as they are. On the host, so that nothing is uploaded before it is used. */
function toTensor({ shape, data }: HostTensor): tf.Tensor {
  if (shape.length !== 4) return tf.tensor(data, [...shape], "float32");
  const [out, into, height, width] = shape as [number, number, number, number];
  const turned = new Float32Array(data.length);
  const places = height * width;
  let to = 0;
  for (let place = 0; place < places; place++) {
    for (let i = 0; i < into; i++) {
      for (let o = 0; o < out; o++) turned[to++] = data[(o * into + i) * places + place]!;
    }
  }
  return tf.tensor(turned, [height, width, into, out], "float32");
}

"""Makes a plain SRResNet of an SFT generator whose condition path carries nothing, so that its SFT layers are constants.

Usage: python3 training/fold_constant_sft.py weights/psnr.safetensors weights/srresnet.safetensors

A constant scale goes into the next convolution's kernel, a constant shift into its bias. Only the outermost pixel differs: a
shift before a convolution is not there in the zeros around the picture. Needs numpy; reads and writes fp16 safetensors.
"""
import json
import struct
import sys

import numpy as np

CLASSES = 8
CONDITION_SLOPE, SFT_SLOPE = 0.1, 0.1  # layout SFTGAN_noBN_OST_bg


def read(path):
    data = open(path, "rb").read()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + size])
    metadata = header.pop("__metadata__", {})
    body = data[8 + size :]
    tensor = lambda e: np.frombuffer(body[slice(*e["data_offsets"])], np.float16).reshape(e["shape"]).astype(np.float32)
    return {name: tensor(entry) for name, entry in header.items()}, metadata


def write(path, tensors, metadata):
    header, body = {"__metadata__": metadata}, b""
    for name, tensor in tensors.items():
        raw = tensor.astype(np.float16).tobytes()
        header[name] = {"dtype": "F16", "shape": list(tensor.shape), "data_offsets": [len(body), len(body) + len(raw)]}
        body += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    open(path, "wb").write(struct.pack("<Q", len(text)) + text + body)


leaky = lambda x, slope: np.where(x > 0, x, slope * x)
dense = lambda w, name, x: w[f"{name}.weight"].sum((2, 3)) @ x + w[f"{name}.bias"]  # of a map that is the same everywhere


def condition(w, prior):
    x = dense(w, "CondNet.0", prior)
    for i in (2, 4, 6, 8):
        x = dense(w, f"CondNet.{i}", leaky(x, CONDITION_SLOPE))
    return x


def constants(w, name, c):
    branch = lambda part: dense(w, f"{name}.SFT_{part}_conv1", leaky(dense(w, f"{name}.SFT_{part}_conv0", c), SFT_SLOPE))
    return branch("scale"), branch("shift")


def main(source, target):
    w, metadata = read(source)
    priors = np.eye(CLASSES, dtype=np.float32)
    blocks = int(metadata["blocks"])
    layers = [(f"sft_branch.{i}.sft{j}", f"sft_branch.{i}.conv{j}") for i in range(blocks) for j in (0, 1)]
    layers.append((f"sft_branch.{blocks}", f"sft_branch.{blocks + 1}"))
    spread = max(np.ptp([constants(w, sft, condition(w, p)) for p in priors], axis=0).max() for sft, _ in layers)
    if spread > 1e-3:
        sys.exit(f"{source}: scale and shift differ by {spread:.4f} between classes, at most 0.001 can be folded: give weights whose prior has no say")
    plain = {name: t for name, t in w.items() if not name.startswith("CondNet") and "SFT_" not in name}
    for sft, conv in layers:
        scale, shift = constants(w, sft, condition(w, priors.mean(0)))
        kernel = w[f"{conv}.weight"]
        plain[f"{conv}.bias"] = w[f"{conv}.bias"] + kernel.sum((2, 3)) @ shift
        plain[f"{conv}.weight"] = kernel * (1 + scale)[None, :, None, None]
    provenance = "psnr.safetensors with its constant SFT layers folded into the convolutions (training/fold_constant_sft.py)"
    write(target, plain, {**{k: v for k, v in metadata.items() if k != "classes"}, "architecture": "srresnet", "provenance": provenance})
    print(f"{target}: scale and shift differ by {spread:.2e} between classes")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""VGG-19 and VGG-16 as lists of feature maps: for the perceptual loss, and VGG-19 as a measure too (perceptual.py)."""
import io
import zipfile

import numpy as np
import torch
from torch.nn import functional as F

from .failure import Failure
from .flat import LAST

NAMES19 = ("conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1", "conv3_2", "conv3_3", "conv3_4")
NAMES16 = ("conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1", "conv3_2", "conv3_3",
           "conv4_1", "conv4_2", "conv4_3", "conv5_1", "conv5_2", "conv5_3")  # fmt: skip
WIDTHS = (64, 128, 256, 512, 512)  # of conv1 to conv5
CAFFE_MEAN = (123.68, 116.779, 103.939)  # RGB


class Features:
    """Features before ReLU at the layers named. For the loss pooling is by average: max pooling is brought nearer to grain by a fine mesh
    than by an even tone, and sends its gradient to one place of four. `kernels`: [(weight OIHW, bias)], input RGB in [0, 1]."""

    def __init__(self, names, kernels, layers, mean, scale, device, dtype, pool):
        self.names, self.layers, self.pool = names, tuple(layers), pool
        if missing := [name for name in self.layers if name not in names]:
            raise Failure(f"there is no layer {missing[0]}: name one of {', '.join(names)}")
        self.kernels = [(k.float().to(device).contiguous(memory_format=LAST), b.float().to(device)) for k, b in kernels]
        # conv1_1 stays in float32, the rest in `dtype`.
        self.kernels = [(k, b) if i == 0 else (k.to(dtype), b.to(dtype)) for i, (k, b) in enumerate(self.kernels)]
        self.mean, self.scale = (torch.tensor(x).view(1, 3, 1, 1).to(device) for x in (mean, scale))
        self.dtype = dtype

    def __call__(self, picture):
        x, found = ((picture - self.mean) * self.scale).contiguous(memory_format=LAST), []
        for i, (name, (kernel, bias)) in enumerate(zip(self.names, self.kernels)):
            if i and name[4] != self.names[i - 1][4]:
                x = self.pool(x, 2)
            x = F.conv2d(x, kernel, bias, padding=1)
            if i == 0:
                x = x.to(self.dtype)
            if name in self.layers:
                found.append(x)
                if len(found) == len(self.layers):
                    break
            x = F.relu(x)
        return found


def read_npz(path, names, what):
    """Arrays by name, of a path or of bytes."""
    try:
        with np.load(io.BytesIO(path) if isinstance(path, bytes) else path) as arrays:
            return {name: arrays[name] for name in names}
    except (OSError, KeyError, ValueError, TypeError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        where = "the file packed" if isinstance(path, bytes) else path
        raise Failure(f"{where} is no {what} ({error}): see Data in training/README.md") from None


def kernel_of(array, name, path):
    """HWIO to OIHW, of the layer's own size."""
    before = 3 if name == "conv1_1" else WIDTHS[int(name[4]) - (2 if name[6] == "1" else 1)]
    wanted = (3, 3, before, WIDTHS[int(name[4]) - 1])
    if array.shape != wanted:
        raise Failure(f"{path} has a {name} of {array.shape}, not {wanted}: it is of another network")
    return torch.from_numpy(array.astype("f4")).permute(3, 2, 0, 1)


def vgg19(path, layers, device="cpu", dtype=torch.float32, pool=F.avg_pool2d):
    """Keras's npz up to conv3_4 (`block1_conv1_kernel` ..., HWIO; input BGR 0…255 less the Caffe means)."""
    keys = [f"block{n[4]}_conv{n[6]}" for n in NAMES19]
    arrays = read_npz(path, [f"{k}_{part}" for k in keys for part in ("kernel", "bias")], "VGG-19 npz up to block3_conv4")
    kernels = [(kernel_of(arrays[f"{k}_kernel"], n, path), torch.from_numpy(arrays[f"{k}_bias"].astype("f4"))) for k, n in zip(keys, NAMES19)]
    kernels[0] = (kernels[0][0].flip(1), kernels[0][1])
    return Features(NAMES19, kernels, layers, [m / 255 for m in CAFFE_MEAN], [255.0] * 3, device, dtype, pool)


def vgg16(path, layers, device="cpu", dtype=torch.float32, pool=F.avg_pool2d):
    """Torchvision's up to conv5_3 (`kernel0` ... `kernel12`, HWIO, and biases; input RGB in [0, 1] less ImageNet's mean, over its spread).
    Kernels as int8 come with `scale0` ..., one for each output channel (pack.py)."""
    keys = [f"{part}{i}" for i in range(len(NAMES16)) for part in ("kernel", "bias")]
    arrays, kernels = read_npz(path, keys, "VGG-16 npz up to conv5_3"), []
    if arrays["kernel0"].dtype == np.int8:
        arrays |= read_npz(path, [f"scale{i}" for i in range(len(NAMES16))], "VGG-16 npz with the scales of its int8 kernels")
    for i, name in enumerate(NAMES16):
        kernel = arrays[f"kernel{i}"].astype("f4") * arrays.get(f"scale{i}", np.float32(1))
        kernels.append((kernel_of(kernel, name, path), torch.from_numpy(arrays[f"bias{i}"].astype("f4"))))
    scale = [1 / s for s in (0.229, 0.224, 0.225)]
    return Features(NAMES16, kernels, layers, [0.485, 0.456, 0.406], scale, device, dtype, pool)


def small_vgg16(path):
    """Its arrays with the kernels as int8 and a scale for each output channel: a quarter of the room, for a pack."""
    keys = [f"{part}{i}" for i in range(len(NAMES16)) for part in ("kernel", "bias")]
    arrays = read_npz(path, keys, "VGG-16 npz up to conv5_3")
    for i, name in enumerate(NAMES16):
        kernel = kernel_of(arrays[f"kernel{i}"], name, path).permute(2, 3, 1, 0).numpy()
        scale = np.abs(kernel).max((0, 1, 2)).clip(1e-8) / 127
        arrays |= {f"kernel{i}": np.round(kernel / scale).astype("i1"), f"scale{i}": scale.astype("f4")}
        arrays[f"bias{i}"] = arrays[f"bias{i}"].astype("f4")
    return arrays

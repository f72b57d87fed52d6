"""What the tests of this folder share: a command as it is typed, pictures and networks made on the spot."""
import contextlib
import io
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from .command import main
from .features import NAMES16, NAMES19, WIDTHS
from .lpips import LAYERS

FIXTURES = Path(__file__).resolve().parent.parent / "test" / "fixtures"


def run(*arguments):
    """Exit status and what was printed."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        status = main([str(a) for a in arguments])
    return status, out.getvalue()


def settings(values):
    return [part for value in values for part in ("--set", value)]


def tensor(array):
    return torch.from_numpy(array).float().permute(2, 0, 1)[None]


def write_picture(path, random, cells):
    """`cells` × `cells` squares of 8 pixels, of random colours."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = np.kron(random.integers(0, 256, (cells, cells, 3)), np.ones((8, 8, 1))).astype(np.uint8)
    Image.fromarray(picture).save(path)
    return picture


def write_networks(folder, random):
    """VGG-19, VGG-16 and LPIPS's AlexNet of their shapes, which have learned nothing."""
    kernel = lambda size, before, after: random.normal(0, 1 / (size * before**0.5), (size, size, before, after)).astype(np.float32)
    for name, layers in (("vgg19", NAMES19), ("vgg16", NAMES16), ("lpips", ())):
        (folder / name).mkdir(parents=True, exist_ok=True)
        arrays, before = {}, 3
        for i, layer in enumerate(layers):
            width = WIDTHS[int(layer[4]) - 1]
            key = f"block{layer[4]}_conv{layer[6]}_{{}}" if name == "vgg19" else f"{{}}{i}"
            arrays |= {key.format("kernel"): kernel(3, before, width), key.format("bias"): np.zeros(width, np.float32)}
            before = width
        for i, (size, _, _, width, _) in enumerate(LAYERS if name == "lpips" else (), 1):
            arrays |= {f"conv{i}.kernel": kernel(size, before, width), f"conv{i}.bias": np.zeros(width, np.float32)}
            arrays[f"weight{i}"] = np.full(width, 0.1, np.float32)
            before = width
        np.savez(folder / name / f"{name}.npz", **arrays)

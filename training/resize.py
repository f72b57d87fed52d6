"""The authors' `imresize`: antialiased bicubic (Keys, a = -0.5) with mirrored borders, in float throughout."""
from functools import lru_cache

import numpy as np
import torch

SCALE = 4


def keys(x):
    x = np.abs(x)
    near = 1.5 * x**3 - 2.5 * x**2 + 1
    far = -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    return np.where(x <= 1, near, np.where(x <= 2, far, 0))


@lru_cache(maxsize=256)
def matrix(source, target, scale):
    """`[target, source]`: every output sample as a weighted sum of input samples."""
    stretch = max(1.0, 1 / scale)
    centre = (np.arange(target) + 0.5) / scale - 0.5
    taps = np.floor(centre - 2 * stretch)[:, None] + np.arange(int(np.ceil(4 * stretch)) + 2)
    weights = keys((centre[:, None] - taps) / stretch)
    weights /= weights.sum(1, keepdims=True)
    index = taps.astype(int) % (2 * source)
    index = np.where(index < source, index, 2 * source - 1 - index)
    result = np.zeros((target, source))
    np.add.at(result, (np.arange(target)[:, None], index), weights)
    return torch.from_numpy(result.astype(np.float32))


def imresize(picture, height, width):
    """`[n, c, h, w]` to `[n, c, height, width]`, not clipped."""
    h, w = picture.shape[-2:]
    rows = matrix(h, height, height / h).to(picture.device)
    columns = matrix(w, width, width / w).to(picture.device)
    with torch.autocast(picture.device.type, enabled=False):
        return rows @ picture.float() @ columns.T


def degrade(picture):
    """The low-resolution picture: ×1/4."""
    h, w = picture.shape[-2:]
    return imresize(picture, h // SCALE, w // SCALE)


def enlarge(picture):
    h, w = picture.shape[-2:]
    return imresize(picture, h * SCALE, w * SCALE)


def round8(picture):
    """To the 256 levels of a file, half upwards."""
    return torch.floor(picture * 255 + 0.5).clamp(0, 255) / 255

"""A measure against a regular pattern, to be made small: see metrics.grid, of which this is the differentiable form."""
import torch
from torch.nn import functional as F

from .resize import SCALE


def unevenness(picture, window):
    """How unevenly detail lies in the 4×4 cells of each window of `window` pixels, in each colour: `[3 n, windows]`. The mean
    absolute Laplacian of each of the 16 places, and the mean signed one (a pattern that is the same everywhere), against their
    overall mean. Of each colour: of their mean alone, the pattern moves into colours that cancel out."""
    channels = picture.flatten(0, 1)[:, None]
    kernel = torch.tensor([[0.0, -1, 0], [-1, 4, -1], [0, -1, 0]], device=picture.device)[None, None]
    detail = F.conv2d(F.pad(channels, (1, 1, 1, 1), "replicate"), kernel)
    cells = F.pixel_unshuffle(torch.cat((detail.abs(), detail), 1), SCALE)  # 16 places of each
    places = F.avg_pool2d(cells, window // SCALE).flatten(2)  # [n, 32, windows]
    strength, signed = places.split(16, 1)
    level = strength.mean(1) + 2e-3
    return (strength.var(1, unbiased=False).add(1e-8).sqrt() + signed.square().mean(1).add(1e-8).sqrt()) / level


def antigrid(found, wanted, window=48):
    """What the result's unevenness has beyond the original's."""
    return F.relu(unevenness(found, window) - unevenness(wanted, window).detach()).mean()

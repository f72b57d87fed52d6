"""What is measured of a picture, as rows of a Markdown table. Every number is defined where it is made: metrics.py, regularity.py,
perceptual.py, lpips.py.
"""
import statistics

import torch
from torch.nn import functional as F

from .espnet import ESPNet
from .features import NAMES19, vgg19
from .lpips import LPIPS
from .metrics import psnr, spectrum, ssim
from .perceptual import distance, unit_distance
from .regularity import Regularity, compare
from .resize import SCALE, degrade, round8


class Distances:
    """Those whose network is given, as a path or as bytes."""

    def __init__(self, vgg, espnet, lpips, device="cpu"):
        self.networks, self.device = {}, device
        if vgg:
            self.networks["VGG"] = vgg19(vgg, NAMES19, device, pool=F.max_pool2d)
        if espnet:
            self.networks["ESPNet"] = ESPNet(espnet).eval().to(device)
        self.lpips = LPIPS(lpips, device) if lpips else None
        self.regularity = Regularity(device, torch.float64)

    @torch.no_grad()
    def of(self, found, wanted):
        """Of two pictures of one size, RGB in [0, 1]."""
        numbers = {"LPIPS": self.lpips(found, wanted)} if self.lpips else {}
        for name, net in self.networks.items():
            a, b = net(found), net(wanted)
            numbers |= {name: distance(a, b).item(), f"{name} unit": unit_distance(a, b).item()}
        return numbers


def measure(found, high, low, distances):
    """Of an enlarged picture, the original and the low resolution. `regular`: the largest correlation at a distance that the original
    does not have; `mesh`: all of them, of which `mean` makes the largest that the pictures have in common. `LR dB`: how faithful it is to
    the low resolution."""
    found, high = (x[:, :, : min(found.shape[2], high.shape[2]), : min(found.shape[3], high.shape[3])] for x in (found, high))
    again = degrade(found) if found.shape[2:] == tuple(SCALE * side for side in low.shape[2:]) else None
    found = round8(found)
    numbers = {"PSNR": psnr(found, high), "SSIM": ssim(found, high)} | distances.of(found, high)
    numbers["regular"], numbers["mesh"] = compare(found, high, distances.regularity)
    numbers |= {f"power {band}": value for band, value in spectrum(found, high).items()}
    error = (again - low).square().mean().item() if again is not None else 0
    return numbers | {"LR dB": -10 * torch.tensor(error).log10().item() if error else float("nan")}


def mean(dictionaries):
    """Of numbers by name; of the maps of differences of regularity the largest of their mean."""
    average = lambda xs: sum(xs).div(len(xs)).abs().max().item() if torch.is_tensor(xs[0]) else statistics.fmean(xs)
    return {k: average([d[k] for d in dictionaries]) for k in dictionaries[0]}


def table(rows):
    """Dictionaries of one set of keys as Markdown."""
    if not rows:
        return ""
    text = lambda v: v if isinstance(v, str) else f"{v:.4f}" if abs(v) < 2 else f"{v:.2f}"
    lines = ["| " + " | ".join(rows[0]) + " |", "|" + "---|" * len(rows[0])]
    return "\n".join(lines + ["| " + " | ".join(text(v) for v in row.values()) + " |" for row in rows])

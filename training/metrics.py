"""What is measured. PSNR and SSIM are those of src/image/metrics.ts."""
import math

import torch
from torch.nn import functional as F

from .networks import CLASSES
from .pictures import NAMES, NOT_ANIMAL
from .resize import SCALE

COEFFICIENTS = (65.481, 128.553, 24.966)
PEAK, WINDOW, SIGMA = 255, 11, 1.5
ANIMAL = NAMES.index("animal")
BANDS = (0.25, 0.5, 0.75, 1.0)
BINS = 15  # of the calibration error
FAINT = 1e-9  # power that keeps two empty pictures comparable


def round_levels(x):
    return torch.floor(x + 0.5).clamp(0, 255)


def measured(picture):
    """8-bit luma `[1, 1, h - 8, w - 8]` of RGB `[1, 3, h, w]` in [0, 1], in double precision."""
    levels = round_levels(picture.double() * 255)
    y = round_levels(16 + sum(k * levels[:, i] / 255 for i, k in enumerate(COEFFICIENTS)))
    return y[:, None, SCALE:-SCALE, SCALE:-SCALE]


def psnr(a, b):
    """Decibels on 8-bit BT.601 luma, four pixels shaved off each side."""
    error = (measured(a) - measured(b)).square().mean().item()
    return 10 * math.log10(PEAK**2 / error) if error else math.inf


def ssim(a, b):
    """Structural similarity on the same luma: 11×11 Gaussian of sigma 1.5, K = 0.01 and 0.03."""
    bell = torch.exp(-((torch.arange(WINDOW, device=a.device) - (WINDOW - 1) / 2).double() ** 2) / (2 * SIGMA**2))
    window = (bell[:, None] * bell[None] / bell.sum() ** 2)[None, None]
    blur = lambda t: F.conv2d(t, window)
    x, y, c1, c2 = measured(a), measured(b), (0.01 * PEAK) ** 2, (0.03 * PEAK) ** 2
    mx, my = blur(x), blur(y)
    vx, vy, cov = blur(x * x) - mx * mx, blur(y * y) - my * my, blur(x * y) - mx * my
    return (((2 * mx * my + c1) * (2 * cov + c2)) / ((mx * mx + my * my + c1) * (vx + vy + c2))).mean().item()


def spectrum(found, high):
    """How much detail there is, whatever its place: power of the luma of `found` over that of the original `high`, in decibels, within
    rings of frequencies (radial means of the windowed Fourier transform), between the shares BANDS of the highest one. The low resolution
    holds what lies below the first; below 0 dB is too smooth, above is too rough."""
    powers = []
    for picture in (found, high):
        y = measured(picture)[0, 0] / PEAK
        h, w = y.shape
        bell = torch.hann_window(h, False, dtype=y.dtype, device=y.device)[:, None] * torch.hann_window(w, False, dtype=y.dtype, device=y.device)
        powers.append(torch.fft.fft2((y - y.mean()) * bell).abs().square())
    radius = 2 * (torch.fft.fftfreq(h, device=y.device)[:, None].square() + torch.fft.fftfreq(w, device=y.device).square()).sqrt()
    bands = {}
    for low, top in zip(BANDS, BANDS[1:]):
        ring = (radius >= low) & (radius < top)
        a, b = (p[ring].mean().item() + FAINT for p in powers)
        bands[f"{low:g}–{top:g}"] = 10 * math.log10(a / b)
    return bands


class Confusion:
    """Pixels by true class (rows) and found class (columns); unknown ones do not count. Apart from it, how many pixels known
    to be no animal (another class, or label 254) were called one."""

    def __init__(self):
        self.table = torch.zeros(CLASSES, CLASSES, dtype=torch.long)
        self.no_animal = self.called_animal = 0
        self.bins = torch.zeros(3, BINS, dtype=torch.double)

    def see(self, probabilities, labels):
        """Adds a picture's probabilities `[K, h, w]`."""
        found, labels = probabilities.argmax(0), labels.to(probabilities.device)
        known = labels < CLASSES
        sure = probabilities.amax(0)[known].double()
        place = (sure * BINS).long().clamp(max=BINS - 1)
        for row, values in zip(self.bins, (torch.ones_like(sure), sure, (found[known] == labels[known]).double())):
            row += torch.bincount(place, values, BINS).cpu()
        self.add(found.cpu(), labels.cpu())

    def calibration_error(self):
        """Expected calibration error: how far the largest probability is from the share that is right, over BINS bins of equal width."""
        _, sure, right = self.bins
        return ((sure - right).abs().sum() / self.bins[0].sum().clamp(min=1)).item()

    def merge(self, other):
        self.table += other.table
        self.bins += other.bins
        self.no_animal += other.no_animal
        self.called_animal += other.called_animal

    def add(self, found, labels):
        known = labels < CLASSES
        index = labels[known].long() * CLASSES + found[known].long()
        self.table += torch.bincount(index, minlength=CLASSES**2).reshape(CLASSES, CLASSES)
        others = (labels < ANIMAL) | (labels == NOT_ANIMAL)
        self.no_animal += int(others.sum())
        self.called_animal += int((found[others] == ANIMAL).sum())

    def false_animals(self):
        return self.called_animal / max(1, self.no_animal)

    def animal_or_not(self):
        """Of every pixel of which that is known (label 254 is no animal): the share rightly called animal or no animal, and the mean IoU of the two.
        What VOC can be asked, whose labels name animals, people and things, and of the rest say no more than that it is no animal."""
        animals, hit = int(self.table[ANIMAL].sum()), int(self.table[ANIMAL, ANIMAL])
        empty, missed = self.no_animal - self.called_animal, animals - hit
        wrong = missed + self.called_animal
        ious = [right / (right + wrong) for right, there in ((hit, animals), (empty, self.no_animal)) if there]
        return (hit + empty) / max(1, animals + self.no_animal), sum(ious) / max(1, len(ious))

    def accuracy(self):
        return (self.table.diag().sum() / self.table.sum().clamp(min=1)).item()

    def iou(self):
        """Of each class; NaN for one that neither was there nor was found."""
        hit = self.table.diag().double()
        return (hit / (self.table.sum(0) + self.table.sum(1) - hit)).tolist()

    def mean_iou(self):
        there = [x for x, n in zip(self.iou(), self.table.sum(1)) if n]
        return sum(there) / max(1, len(there))

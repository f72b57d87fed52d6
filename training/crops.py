"""Crops for the generators: high resolution, its ×1/4, the prior there, and the class that fills it, if one does."""
import torch
from torch.nn import functional as F

from . import files
from .augment import flip
from .depth import depth_prior
from .networks import CLASSES, Segmenter
from .pictures import list_labelled, list_pictures, read_picture, split
from .resize import SCALE, degrade, enlarge, imresize, round8

PURE = 0.75  # share of a crop that is of one class by the prior


class Crops:
    """Pictures stay in memory as bytes, and their priors too: at a quarter of the size the crops have, in fp16."""

    def __init__(self, config, options):
        self.config = config
        self.folders, self.held_out = [], []
        listed = [list_pictures(f) for f in options.pictures] + [[p for p, _ in list_labelled(f)] for f in options.labelled]
        for items in listed:
            learn, measure = split(items, config["held_out_every"], config["held_out_block"])
            self.folders.append(learn)
            self.held_out += measure
        sizes = torch.tensor([float(len(items)) for items in self.folders])
        self.share = (sizes.sqrt() / sizes.sqrt().sum()).double().numpy()
        self.share /= self.share.sum()
        self.segmenter = Segmenter().eval().requires_grad_(False)
        files.load_into(self.segmenter, files.read_weights(options.segment)[0], options.segment)
        self.pictures, self.priors = {}, {}

    def picture(self, path):
        if path not in self.pictures:
            self.pictures[path] = read_picture(path)
        return self.pictures[path]

    @torch.no_grad()
    def prior_of(self, low):
        """Probabilities `[1, 8, h, w]` at the low resolution, from the enlarged LR; `low` is RGB `[1, 3, h, w]`."""
        probabilities = self.segmenter(enlarge(low).clamp(0, 1))
        return F.avg_pool2d(probabilities, SCALE)

    def scaled(self, path, scale):
        """High resolution `[3, 4h, 4w]`, low `[3, h, w]` and prior `[8, h, w]` of a picture shrunk to `scale`."""
        picture = self.picture(path)[None].float() / 255
        h, w = (int(side * scale) // SCALE * SCALE for side in picture.shape[2:])
        if scale < 1:
            picture = round8(imresize(picture, h, w))
        picture = picture[:, :, :h, :w]
        low = round8(degrade(picture))
        key = path, scale
        if key not in self.priors:
            self.priors[key] = self.prior_of(low)[0].half()
        return picture[0], low[0], self.priors[key].float()

    def draw(self, random):
        """Two crops of one picture: HR `[3, c, c]`, LR, prior `[8, c, c]`, class (0: none or background)."""
        config, size = self.config, self.config["crop"] // SCALE
        items = self.folders[random.choice(len(self.folders), p=self.share)]
        path = items[random.integers(len(items))]
        shortest = min(self.picture(path).shape[1:])
        scales = [s for s in config["scales"] if shortest * s >= config["crop"] + SCALE] or [1.0]
        high, low, prior = self.scaled(path, scales[random.integers(len(scales))])
        crops = []
        for _ in range(2):
            windows = [tuple(random.integers(side - size + 1) for side in low.shape[1:]) for _ in range(config["tries"])]
            cut = lambda x, at, n=1: x[:, n * at[0] : n * (at[0] + size), n * at[1] : n * (at[1] + size)]
            # Of several places the one that is most of one class and has some detail: single-category crops, as in the paper.
            def worth(at):
                return cut(prior, at)[1:].mean((1, 2)).max() * min(1.0, 20 * cut(low, at).std().item())
            at = max(windows, key=worth)
            h, l, p = flip(random, cut(high, at, SCALE), cut(low, at), cut(prior, at))
            share, label = p.mean((1, 2)).max(0)
            crops.append((h, l, p, int(label) if share >= PURE else 0))
        return crops

    def batch(self, random):
        drawn = [c for _ in range(self.config["batch"] // 2) for c in self.draw(random)]
        high, low, prior, label = zip(*drawn)
        prior = as_prior(torch.stack(prior), self.config)
        return torch.stack(high), torch.stack(low), prior, torch.tensor(label)


def as_prior(probabilities, config):
    """What the condition net reads, at four times the size of the low-resolution probabilities `[n, 8, h, w]`."""
    if config.get("prior") == "depth":
        probabilities = depth_prior(probabilities)
    return F.interpolate(probabilities, scale_factor=SCALE, mode="bilinear", align_corners=False)


def one_class(label, height, width):
    """The prior `[1, 8, h, w]` that says one class everywhere."""
    prior = torch.zeros(1, CLASSES, height, width)
    prior[:, label] = 1
    return prior

"""Crops for the generators: high resolution, its ×1/4, the prior there, and the class that fills it (0: none or background)."""
import torch
from torch.nn import functional as F

from . import files
from .augment import flip, turn
from .depth import depth_prior
from .networks import CLASSES, Segmenter
from .pictures import list_labelled, list_pictures, read_picture, split
from .resize import SCALE, degrade, enlarge, imresize, round8

PURE = 0.75  # share of a crop that is of one class by the prior


def needs_prior(config):
    """Whether the network reads a prior, or the losses are to know a crop's class."""
    return bool(config["condition"] or config["single_class"])


class Crops:
    """Pictures, their low resolutions and their priors stay in memory once they were drawn: as bytes, and the priors, at a quarter
    of the size, as fp16."""

    def __init__(self, config, options, device="cpu"):
        self.config, self.device = config, device
        self.folders, self.held_out = [], []
        listed = [list_pictures(f) for f in options.pictures] + [[p for p, _ in list_labelled(f)] for f in options.labelled]
        for items in listed:
            learn, measure = split(items, config["held_out_every"], config["held_out_block"])
            self.folders.append(learn)
            self.held_out += measure
        sizes = torch.tensor([float(len(items)) for items in self.folders])
        self.share = (sizes.sqrt() / sizes.sqrt().sum()).double().numpy()
        self.share /= self.share.sum()
        self.segmenter = None
        if needs_prior(config):
            self.segmenter = Segmenter().eval().requires_grad_(False)
            files.load_into(self.segmenter, files.read_weights(options.segment)[0], options.segment)
            self.segmenter.to(device)
        self.pictures, self.kept = {}, {}

    def picture(self, path):
        if path not in self.pictures:
            self.pictures[path] = read_picture(path)
        return self.pictures[path]

    @torch.no_grad()
    def prior_of(self, low):
        """Probabilities `[1, 8, h, w]` at the low resolution, from the enlarged LR; `low` is RGB `[1, 3, h, w]`."""
        probabilities = self.segmenter(enlarge(low.to(self.device)).clamp(0, 1))
        return F.avg_pool2d(probabilities, SCALE).cpu()

    def scaled(self, path, scale):
        """High resolution `[3, 4h, 4w]` and low `[3, h, w]` as bytes, and prior `[8, h, w]` (or None), of a picture shrunk to `scale`."""
        key = path, scale
        if key in self.kept:
            return self.kept[key]
        picture = self.picture(path)[None].float() / 255
        h, w = (int(side * scale) // SCALE * SCALE for side in picture.shape[2:])
        if scale < 1:
            picture = round8(imresize(picture, h, w))
        picture = picture[:, :, :h, :w]
        low = round8(degrade(picture))
        prior = self.prior_of(low)[0].half() if self.segmenter else None
        self.kept[key] = tuple((x[0] * 255).round().byte() for x in (picture, low)) + (prior,)
        return self.kept[key]

    def whole(self, path, side=None):
        """High resolution, low and prior `[1, ...]` of a picture, or of its first `side` pixels each way, as what the network reads."""
        high, low, prior = self.scaled(path, 1.0)
        n = side // SCALE if side else max(low.shape)
        prior = None if prior is None else as_prior(prior[None, :, :n, :n].float().to(self.device), self.config)
        return real(high[None, :, : SCALE * n, : SCALE * n], self.device), real(low[None, :, :n, :n], self.device), prior

    def draw(self, random):
        """Two crops of one picture: HR `[3, 4c, 4c]`, LR `[3, c, c]` and, where there are priors, `[8, c, c]`."""
        config, size = self.config, self.config["crop"] // SCALE
        items = self.folders[random.choice(len(self.folders), p=self.share)]
        path = items[random.integers(len(items))]
        shortest = min(self.picture(path).shape[1:])
        scales = [s for s in config["scales"] if shortest * s >= config["crop"] + SCALE] or [1.0]
        high, low, prior = self.scaled(path, scales[random.integers(len(scales))])
        cut = lambda x, at, n=1: x[:, n * at[0] : n * (at[0] + size), n * at[1] : n * (at[1] + size)]
        # Of several places the one with most detail; for losses that know classes, the one that is most of one class and has some
        # detail (single-category crops, as in the paper), and one from anywhere: calm ground must be seen too.
        if config["single_class"]:
            worth, tries = lambda at: purity(cut(prior, at), cut(low, at)), (config["tries"], 1)
        else:
            worth, tries = lambda at: detail(cut(low, at)), (config["tries"],) * 2
        crops = []
        for count in tries:
            at = max((tuple(random.integers(side - size + 1) for side in low.shape[1:]) for _ in range(count)), key=worth)
            maps = [real(cut(high, at, SCALE)), real(cut(low, at))] + ([] if prior is None else [cut(prior, at).float()])
            crops.append((turn if config["turned"] else flip)(random, *maps))
        return crops

    def batch(self, random):
        drawn = [c for _ in range(self.config["batch"] // 2) for c in self.draw(random)]
        high, low, *prior = (torch.stack(maps).to(self.device) for maps in zip(*drawn))
        if not prior:
            return high, low, None, None
        share, label = prior[0].mean((2, 3)).max(1)
        return high, low, as_prior(prior[0], self.config), torch.where(share >= PURE, label, torch.zeros_like(label))


def detail(low):
    """Mean absolute difference of neighbours, of bytes `[3, h, w]`."""
    x = real(low)
    return (x[:, 1:] - x[:, :-1]).abs().mean() + (x[:, :, 1:] - x[:, :, :-1]).abs().mean()


def purity(prior, low):
    """The largest share of one class other than background, less where there is hardly any contrast."""
    return prior[1:].float().mean((1, 2)).max() * min(1.0, 20 * real(low).std().item())


def real(levels, device="cpu"):
    """Bytes to [0, 1]."""
    return levels.to(device).float() / 255


def as_prior(probabilities, config):
    """What the condition net reads, at four times the size of the low-resolution probabilities `[n, 8, h, w]`."""
    if config.get("prior") == "depth":
        probabilities = depth_prior(probabilities)
    return F.interpolate(probabilities, scale_factor=SCALE, mode="bilinear", align_corners=False)


def one_class(label, height, width, device="cpu"):
    """The prior `[1, 8, h, w]` that says one class everywhere."""
    prior = torch.zeros(1, CLASSES, height, width, device=device)
    prior[:, label] = 1
    return prior

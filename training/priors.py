"""Priors a network is asked under: predicted, of one class everywhere, and how much it makes of the difference."""
import itertools

import torch
from torch.nn import functional as F

from .networks import CLASSES
from .resize import SCALE, imresize

LIMIT = 768  # longer side of what Segment looks at, as in the product
SAID = (2, 4, 5, 6)  # water, mountain, building and plant: what the prior's say is measured between


def predicted(segmenter, low):
    """Segment as a node does it: the enlarged picture at a bounded size, and the map enlarged again where it was bounded."""
    h, w = (SCALE * side for side in low.shape[2:])
    factor = min(1.0, LIMIT / max(h, w))
    seen = imresize(low, round(h * factor), round(w * factor)).clamp(0, 1)
    prior = segmenter(seen)
    return prior if prior.shape[2:] == (h, w) else F.interpolate(prior, (h, w), mode="bilinear", align_corners=False)


def one_class(label, height, width, device="cpu"):
    """The prior `[1, 8, h, w]` that says one class everywhere."""
    prior = torch.zeros(1, CLASSES, height, width, device=device)
    prior[:, label] = 1
    return prior


def prior_say(net, low, channels):
    """Mean absolute change of the picture between two uniform priors, over all pairs of the channels."""
    h, w = (SCALE * side for side in low.shape[2:])
    outputs = [net(low, one_class(c, h, w, low.device)) for c in channels]
    changes = [(a - b).abs().mean().item() for a, b in itertools.combinations(outputs, 2)]
    return sum(changes) / len(changes)

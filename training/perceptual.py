"""Perceptual distances, each comparable only to itself: VGG-19 (also the loss), ESPNetv2's encoder (no generator learns from it;
`segment` starts from it), and LPIPS (lpips.py), from which nothing learns.

The first two in two forms, averaged over the layers. `distance`: mean absolute difference of the features of two pictures, over the
mean absolute feature of the second one. `unit_distance`, after LPIPS but without its learned weights: squared difference of the features
of each place, both scaled to unit length.
"""
from torch.nn import functional as F


def mean(parts, weights):
    weights = weights or [1.0] * len(parts)
    return sum(k * part for k, part in zip(weights, parts)) / sum(weights)


def distance(found, wanted, weights=None):
    """Of two lists of feature maps, in float32; over the layers the mean, weighted where `weights` are given."""
    return mean([(a.float() - b.float()).abs().mean() / b.float().abs().mean() for a, b in zip(found, wanted)], weights)


def unit_distance(found, wanted, weights=None):
    """Of two lists of feature maps `[n, c, h, w]`, as above."""
    # Places without any feature have length 0: the bound keeps their gradient finite.
    unit = lambda x: F.normalize(x.float(), eps=1e-3)
    return mean([(unit(a) - unit(b)).square().sum(1).mean() for a, b in zip(found, wanted)], weights)


def unit_loss(found, wanted, weights=None):
    """`unit_distance` of what ReLU leaves, as LPIPS has it."""
    return unit_distance([F.relu(x) for x in found], [F.relu(x) for x in wanted], weights)


LOSSES = {"relative": distance, "unit": unit_loss}

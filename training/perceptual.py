"""Perceptual distances, each comparable only to itself: VGG-19 (also the loss), ESPNetv2's encoder (no generator learns from it;
`segment` starts from it), and LPIPS (lpips.py), from which nothing learns.

The first two in two forms, averaged over the layers. `distance`: mean absolute difference of the features of two pictures, over the
mean absolute feature of the second one. `unit_distance`, after LPIPS but without its learned weights: squared difference of the features
of each place, both scaled to unit length.
"""
from torch.nn import functional as F


def distance(found, wanted):
    """Of two lists of feature maps."""
    return sum((a - b).abs().mean() / b.abs().mean() for a, b in zip(found, wanted)) / len(found)


def unit_distance(found, wanted):
    """Of two lists of feature maps `[n, c, h, w]`."""
    return sum((F.normalize(a) - F.normalize(b)).square().sum(1).mean() for a, b in zip(found, wanted)) / len(found)

"""A teacher for `segment`, too large in operations for a browser but pretrained: ESPNetv2's encoder with a decoder for our classes."""
import torch
from torch import nn
from torch.nn import functional as F

from .networks import CLASSES, convolution, repeat_border
from .perceptual import ESPNet

WIDTHS = (128, 256, 512)  # of the encoder's features at 1/4, 1/8 and 1/16
MID = 96


class Teacher(nn.Module):
    """`path`: the pretrained checkpoint; without it the encoder is to be loaded with the rest."""

    def __init__(self, path=None):
        super().__init__()
        self.encoder = ESPNet(path).requires_grad_(True)
        self.across = nn.ModuleList(convolution(width, MID, 1, norm=True) for width in WIDTHS)
        self.whole = convolution(WIDTHS[-1], MID, 1, norm=True)
        self.f8, self.f4 = convolution(MID, MID, norm=True), convolution(MID, MID, norm=True)
        self.out = nn.Conv2d(MID, CLASSES, 1)

    def logits(self, image):
        """RGB in [0, 1] `[n, 3, h, w]` to logits `[n, K, h, w]`."""
        h, w = image.shape[2:]
        up = lambda x, scale=2: F.interpolate(x, scale_factor=scale, mode="bilinear", align_corners=False)
        features = self.encoder(repeat_border(image, 16))[1:]
        a, b, c = (across(x) for across, x in zip(self.across, features))
        # The whole crop's mean by a 1×1 batch norm: with a single picture its statistics are the running ones (eval).
        y = torch.relu(c + self.whole(features[-1].mean((2, 3), keepdim=True)))
        y = torch.relu(self.f8(torch.relu(up(y) + b)))
        y = torch.relu(self.f4(torch.relu(up(y) + a)))
        return up(self.out(F.dropout2d(y, 0.1, self.training)), 4)[:, :, :h, :w]

    def forward(self, image):
        """RGB in [0, 1] to class probabilities of the same size."""
        return torch.softmax(self.logits(image), 1)

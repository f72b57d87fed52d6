"""ACD_VGG_BN_96, the discriminator with an auxiliary classifier: is the 96×96 crop real, and of which class?"""
import torch
from torch import nn


class Discriminator(nn.Module):
    """`width` 64 is the paper's (10.8 M parameters), 32 half of it. Names are those of BasicSR v0.0."""

    def __init__(self, width=64, classes=8):
        super().__init__()
        layers, before = [], 3
        for i in range(8):
            after, half = width * 2 ** (i // 2), i % 2
            layers.append(nn.Conv2d(before, after, 4 if half else 3, 2 if half else 1, 1))
            if i:
                layers.append(nn.BatchNorm2d(after))
            layers.append(nn.LeakyReLU(0.1))
            before = after
        self.feature = nn.Sequential(*layers)
        flat = before * 6 * 6
        self.gan = nn.Sequential(nn.Linear(flat, 100), nn.LeakyReLU(0.1), nn.Linear(100, 1))
        self.cls = nn.Sequential(nn.Linear(flat, 100), nn.LeakyReLU(0.1), nn.Linear(100, classes))

    def forward(self, picture):
        """RGB in [0, 1] `[n, 3, 96, 96]` to the logits of "real" `[n]` and of the classes `[n, K]`."""
        x = torch.flatten(self.feature(picture * 2 - 1), 1)
        return self.gan(x)[:, 0], self.cls(x)

"""A measure of regular patterns, and a loss by it: the autocorrelation of the Laplacian of luma in windows of 32 pixels.

A mesh shows as correlation, of either sign, at distances of three pixels and more which the original does not have. It does not matter
where in a 4×4 cell detail lies, so a mesh that changes its sign every four pixels counts too.
"""
import math

import torch
from torch.nn import functional as F

from .metrics import measured

WINDOW, STRIDE, REACH, NEAR, LEAST = 32, 16, 8, 2, 0.01


def waves(device, dtype=torch.float32):
    """Cosines and sines of the Fourier transform of a window `[32, 32]`, and of its lags -8..8 `[32, 17]`: as matrices, since FFT
    plans inside CUDA graphs are one thing more that can go wrong."""
    k = torch.arange(WINDOW, dtype=torch.float64)
    lag = torch.arange(-REACH, REACH + 1, dtype=torch.float64)
    turn, far = 2 * math.pi / WINDOW * k[:, None] * k, 2 * math.pi / WINDOW * k[:, None] * lag
    return [x.to(device, dtype) for x in (turn.cos(), turn.sin(), far.cos(), far.sin())]


class Regularity:
    def __init__(self, device, dtype=torch.float32):
        self.waves = waves(device, dtype)
        self.kernel = torch.tensor([[0.0, -1, 0], [-1, 4, -1], [0, -1, 0]], dtype=dtype)[None, None].to(device)
        self.bell = torch.hann_window(WINDOW, dtype=torch.float64).to(device, dtype)
        self.luma = torch.tensor((65.481, 128.553, 24.966), dtype=torch.float64).view(1, 3, 1, 1).to(device, dtype) / 255
        far = torch.ones(2 * REACH + 1, 2 * REACH + 1)
        far[REACH - NEAR : REACH + NEAR + 1, REACH - NEAR : REACH + NEAR + 1] = 0
        self.far = far.to(device, dtype)

    def windows(self, luma):
        """Of luma `[n, 1, h, w]` in [0, 1] the Laplacian, less its mean, by window `[n, windows, 32, 32]`, and each one's contrast."""
        detail = F.conv2d(luma, self.kernel)[:, 0]
        parts = detail.unfold(1, WINDOW, STRIDE).unfold(2, WINDOW, STRIDE)
        parts = parts.reshape(len(parts), -1, WINDOW, WINDOW)
        parts = parts - parts.mean((2, 3), keepdim=True)
        return parts, parts.square().mean((2, 3))

    def correlation(self, parts, floor=1e-12):
        """`[n, windows, 17, 17]`, 1 at lag 0 (the middle)."""
        cos, sin, far_cos, far_sin = self.waves
        x = parts * self.bell[:, None] * self.bell
        a, b = cos @ x, sin @ x
        real, imaginary = a @ cos - b @ sin, a @ sin + b @ cos
        power = real.square() + imaginary.square()
        at = (far_cos.T @ power @ far_cos - far_sin.T @ power @ far_sin) / WINDOW**2
        return at / (at[..., REACH : REACH + 1, REACH : REACH + 1] + floor)

    def of_luma(self, luma):
        """Mean over the windows that have some contrast, `[n, 17, 17]`."""
        parts, contrast = self.windows(luma)
        weight = (contrast.sqrt() > LEAST).to(parts.dtype)[..., None, None]
        return (self.correlation(parts) * weight).sum(1) / weight.sum(1).clamp(min=1)

    def loss(self, found, wanted, slack=0.03):
        """Of pictures RGB in [0, 1] `[n, 3, h, w]`: correlation at a distance that the original does not have, beyond `slack`, and the
        signed difference averaged over the pictures `[17, 17]` (a mesh is what they have in common)."""
        luma = lambda x: (x * self.luma).sum(1, keepdim=True)
        made, contrast = self.windows(luma(found))
        with torch.no_grad():
            original, real = self.windows(luma(wanted))
            weight = (real.sqrt() > LEAST).to(made.dtype)[..., None, None]
            total = weight.sum(1).clamp(min=1)
            goal = (self.correlation(original) * weight).sum(1) / total
        # The floor keeps windows in which hardly anything was drawn from counting.
        difference = ((self.correlation(made, (0.4 * LEAST) ** 2 * 144) * weight).sum(1) / total - goal) * self.far
        return F.relu(difference.abs() - slack).sum((1, 2)).mean(), difference.detach().mean(0)


@torch.no_grad()
def compare(found, high, tool=None):
    """Of two pictures RGB in [0, 1]: the largest difference of correlation at lags of three and more, and all differences."""
    tool = tool or Regularity(found.device, torch.float64)
    a, b = (tool.of_luma(measured(x) / 255)[0] for x in (found, high))
    difference = (a - b) * tool.far
    return difference.abs().max().item(), difference

"""LPIPS v0.1 on AlexNet (Zhang et al., CVPR 2018): what the field compares by. A measure only: nothing is to learn from it."""
import torch
from torch.nn import functional as F

from .failure import Failure
from .features import read_npz

# Size, stride and padding of a convolution, its channels, and whether max pooling (3×3, stride 2) comes before it.
LAYERS = ((11, 4, 2, 64, False), (5, 1, 2, 192, True), (3, 1, 1, 384, True), (3, 1, 1, 256, False), (3, 1, 1, 256, False))
SHIFT, SPREAD = (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)
LEAST = 31  # pixels a side below which the third layer has no place left


class LPIPS:
    """`path`: npz of `conv1.kernel` (HWIO), `conv1.bias` and `weight1` ... 5 (see Data in README.md), or its bytes."""

    def __init__(self, path, device="cpu"):
        keys = [key for i in range(1, 6) for key in (f"conv{i}.kernel", f"conv{i}.bias", f"weight{i}")]
        arrays, before, self.layers = read_npz(path, keys, "npz of AlexNet and LPIPS's weights"), 3, []
        for i, (size, _, _, width, _) in enumerate(LAYERS, 1):
            if arrays[f"conv{i}.kernel"].shape != (size, size, before, width):
                raise Failure(f"{path} has a conv{i} of {arrays[f'conv{i}.kernel'].shape}, not AlexNet's: see Data in training/README.md")
            kernel, bias, weight = (torch.from_numpy(arrays[k].astype("f4")).to(device) for k in (f"conv{i}.kernel", f"conv{i}.bias", f"weight{i}"))
            self.layers.append((kernel.permute(3, 2, 0, 1).contiguous(), bias, weight.view(1, -1, 1, 1)))
            before = width
        self.shift, self.spread = (torch.tensor(x, device=device).view(1, 3, 1, 1) for x in (SHIFT, SPREAD))

    def features(self, picture):
        """RGB in [0, 1] `[n, 3, h, w]` to features of unit length after each ReLU."""
        x, found = (2 * picture - 1 - self.shift) / self.spread, []
        for (_, stride, padding, _, pooled), (kernel, bias, _) in zip(LAYERS, self.layers):
            x = F.max_pool2d(x, 3, 2) if pooled else x
            x = F.relu(F.conv2d(x, kernel, bias, stride, padding))
            found.append(x / (x.square().sum(1, keepdim=True).sqrt() + 1e-10))
        return found

    @torch.no_grad()
    def __call__(self, found, wanted):
        """Of two pictures of one size: 0 for the same, about 0.3 for a blurred one."""
        if min(found.shape[2:]) < LEAST:
            raise Failure(f"LPIPS of a picture of {found.shape[3]} × {found.shape[2]}: it needs at least {LEAST} pixels a side")
        pairs = zip(self.features(found), self.features(wanted), self.layers)
        return sum(((a - b).square() * weight).sum(1).mean() for a, b, (_, _, weight) in pairs).item()

"""What makes a prior change the picture: under the prior of another class, a crop is to have the texture of that class.

Texture is the Gram matrix of VGG features (Sajjadi et al., EnhanceNet, ICCV 2017, section 4.2.3), here of the *detail* alone, the
picture less its enlarged low resolution, so that neither brightness nor colour of the class is asked for. A class's texture is the
running mean over the training crops of that class, for a crop in proportion to the contrast of its own low resolution: a calm crop
is to have the calm texture of the class.
"""
import torch
from torch import nn
from torch.nn import functional as F

from .networks import CLASSES
from .perceptual import VGG
from .resize import enlarge

LAYERS = ("conv1_2", "conv2_2")
WIDTHS = (64, 128)
ENOUGH = 8  # crops of a class before its texture is asked for
PACE = 0.02  # of the running mean, once there are many crops
PROPORTION = 0.05, 2.0  # least and most of a class's mean texture that a crop is to have


def detail(picture, low):
    """What the picture has beyond its low resolution, around mid-grey."""
    return picture - enlarge(low) + 0.5


def gram(features):
    """`[n, c, h, w]` to `[n, c, c]`, the mean over the places."""
    n, c, h, w = features.shape
    x = features.reshape(n, c, h * w)
    return x @ x.transpose(1, 2) / (h * w)


def contrast(low):
    """Of each picture `[n, 3, h, w]` the mean square of what a 3×3 mean takes away, `[n]`."""
    return (low - F.avg_pool2d(F.pad(low, (1, 1, 1, 1), "replicate"), 3, 1)).square().mean((1, 2, 3))


class ClassTexture(nn.Module):
    """Gram matrices of the detail of each class, less that of a picture without any detail, and the contrast of its crops."""

    def __init__(self, path, device="cpu"):
        super().__init__()
        self.vgg = [VGG(path, LAYERS).eval().requires_grad_(False).to(device)]  # in a list: no part of the state
        self.register_buffer("count", torch.zeros(CLASSES, device=device))
        self.register_buffer("contrast", torch.zeros(CLASSES, device=device))
        for name, width in zip(LAYERS, WIDTHS):
            self.register_buffer(f"mean_{name}", torch.zeros(CLASSES, width, width, device=device))
        with torch.no_grad():
            self.plain = [gram(x) for x in self.vgg[0](torch.full((1, 3, 96, 96), 0.5, device=device))]

    def of(self, picture, low):
        return [gram(x) - plain for x, plain in zip(self.vgg[0](detail(picture, low)), self.plain)]

    @torch.no_grad()
    def learn(self, high, low, label):
        """Takes crops of one class each into the means; crops of no class (0) are left out."""
        known = label > 0
        if not known.any():
            return
        found, contrasts = self.of(high[known], low[known]), contrast(low[known])
        for i, c in enumerate(label[known].tolist()):
            self.count[c] += 1
            pace = max(PACE, 1 / float(self.count[c]))
            self.contrast[c].lerp_(contrasts[i], pace)
            for name, grams in zip(LAYERS, found):
                getattr(self, f"mean_{name}")[c].lerp_(grams[i], pace)

    def choose(self, label, random):
        """For each crop a class that is known and not its own; None before two are known."""
        known = [c for c in range(1, CLASSES) if self.count[c] >= ENOUGH]
        if len(known) < 2:
            return None
        return torch.tensor([random.choice([c for c in known if c != own]) for own in label.tolist()])

    def distance(self, found, low, wanted):
        """Mean over the layers of |G − sḠ| / |sḠ|, for each crop the mean Ḡ of the class it is to look like, and s its contrast over
        that of the class's crops. What has hardly any detail, such as sky, counts as a tenth of the average."""
        total, proportion = 0, (contrast(low) / self.contrast[wanted].clamp(min=1e-8)).clamp(*PROPORTION)[:, None, None]
        for name, grams in zip(LAYERS, self.of(found, low)):
            means = getattr(self, f"mean_{name}")
            floor = 0.1 * means[self.count > 0].abs().mean()
            mean = proportion * means[wanted]
            total = total + ((grams - mean).abs().mean((1, 2)) / mean.abs().mean((1, 2)).clamp(min=floor)).mean()
        return total / len(LAYERS)

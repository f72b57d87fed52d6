"""What makes a prior change the picture: under the prior of another class, a crop is to have the texture of that class.

Texture is the Gram matrix of VGG features (Sajjadi et al., EnhanceNet, ICCV 2017, section 4.2.3), here of the *detail* alone, the
picture less its enlarged low resolution, so that neither brightness nor colour of the class is asked for. A class's texture is the
running mean over the training crops of that class, for a crop in proportion to the contrast of its own low resolution: a calm crop
is to have the calm texture of the class. Everything is on the device, and nothing of it is asked back.
"""
import torch
from torch.nn import functional as F

from .networks import CLASSES

LAYERS = ("conv1_2", "conv2_2")
GREY = 0.5  # what detail is added to before VGG looks at it
ENOUGH = 8  # crops of a class before its texture is asked for
PACE = 0.02  # of the running mean for each crop, once there are many
PROPORTION = 0.05, 2.0  # least and most of a class's mean texture that a crop is to have
FAINT = 0.1  # what has hardly any detail, such as sky, counts as this share of the average


def gram(x):
    """`[n, c, h, w]` to `[n, c, c]`, the mean over the places, float32."""
    n, c, h, w = x.shape
    x = x.permute(0, 2, 3, 1).reshape(n, h * w, c).float()
    return x.transpose(1, 2) @ x / (h * w)


def contrast(low):
    """Of each picture `[n, 3, h, w]` the mean square of what a 3×3 mean takes away, `[n]`."""
    return (low - F.avg_pool2d(F.pad(low, (1, 1, 1, 1), "replicate"), 3, 1)).square().mean((1, 2, 3))


class Texture:
    """`features`: VGG-19's maps at LAYERS of pictures of `side` pixels."""

    def __init__(self, features, side, device):
        self.features = features
        with torch.no_grad():
            self.plain = [gram(x) for x in features(torch.full((1, 3, side, side), GREY, device=device))]
        # Of each class: how many crops, their contrast, and the mean Gram matrices of their detail.
        self.seen, self.contrast = torch.zeros(CLASSES, device=device), torch.zeros(CLASSES, device=device)
        self.means = [torch.zeros(CLASSES, p.shape[1], p.shape[1], device=device) for p in self.plain]
        self.one = torch.eye(CLASSES, device=device)

    def state(self):
        """What a checkpoint keeps."""
        return {"seen": self.seen, "contrast": self.contrast} | {f"mean{i}": m for i, m in enumerate(self.means)}

    def grams(self, detail):
        """Of the detail of pictures, less those of plain grey."""
        return [gram(x) - plain for x, plain in zip(self.features(detail + GREY), self.plain)]

    @torch.no_grad()
    def learn(self, detail, low, label):
        """Crops of one class each into the running means, all classes at once; those of none (0) count for nothing."""
        member = self.one[label] * (label > 0)[:, None]
        count = member.sum(0)
        pace = torch.where(count > 0, torch.maximum(PACE * count, count / (self.seen + count).clamp(min=1)), count).clamp(max=1)
        self.seen.add_(count)
        share = (member / count.clamp(min=1)).T
        self.contrast.lerp_(share @ contrast(low), pace)
        for mean, grams in zip(self.means, self.grams(detail)):
            mean.lerp_((share @ grams.flatten(1)).view_as(mean), pace[:, None, None])

    def distance(self, detail, low, wanted):
        """Mean over the layers of |G − sḠ| / |sḠ| of those crops that are `wanted` to look like a class of which enough was seen: Ḡ is
        that class's mean, s the crop's contrast over that of the class's crops."""
        proportion = (contrast(low) / self.contrast[wanted].clamp(min=1e-8)).clamp(*PROPORTION)[:, None, None]
        asked = ((wanted > 0) & (self.seen[wanted] >= ENOUGH)).float()
        known, total = (self.seen > 0).float(), 0
        for mean, grams in zip(self.means, self.grams(detail)):
            floor = FAINT * mean.abs().mean((1, 2)).mul(known).sum() / known.sum().clamp(min=1)
            goal = proportion * mean[wanted]
            away = (grams - goal).abs().mean((1, 2)) / torch.maximum(goal.abs().mean((1, 2)), floor).clamp(min=1e-8)
            total = total + (away * asked).mean()
        return total / len(self.means)

"""What training does to pictures in [0, 1], `[3, h, w]`, before a network sees them. `random` is a numpy Generator."""
import io

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

from .resize import SCALE, imresize, round8

LUMA = torch.tensor((0.299, 0.587, 0.114))[:, None, None]


def flip(random, *maps):
    """All maps, left and right exchanged or not."""
    return tuple(m.flip(-1) for m in maps) if random.random() < 0.5 else maps


def grey(picture):
    return (picture * LUMA).sum(0, keepdim=True).expand(3, -1, -1)


def toned(picture, random):
    """A monochrome print: brown of a random strength, faded blacks and whites, and some grain."""
    tone = torch.tensor((1.0, random.uniform(0.78, 0.95), random.uniform(0.5, 0.85)))[:, None, None]
    black, white = random.uniform(0, 0.2), random.uniform(0.8, 1)
    y = grey(picture) ** float(random.uniform(0.7, 1.5))
    grain = torch.randn(1, *picture.shape[1:]) * float(random.uniform(0, 0.04))
    return ((black + (white - black) * y) * tone ** float(random.uniform(0.5, 1.3)) + grain).clamp(0, 1)


def cast(picture, random):
    """A colour cast, with contrast, brightness and saturation changed."""
    gains = torch.from_numpy(random.uniform(0.75, 1.25, (3, 1, 1))).float()
    saturation, contrast = float(random.uniform(0.3, 1.3)), float(random.uniform(0.7, 1.3))
    y = grey(picture)
    picture = (y + saturation * (picture - y)) * gains
    middle = picture.mean()
    return ((picture - middle) * contrast + middle + float(random.uniform(-0.1, 0.1))).clamp(0, 1)


def recoloured(picture, random, config):
    draw = random.random()
    if draw < config["grey"]:
        return cast(grey(picture), random).mean(0, keepdim=True).expand(3, -1, -1)
    if draw < config["grey"] + config["sepia"]:
        return toned(picture, random)
    if draw < config["grey"] + config["sepia"] + config["cast"]:
        return cast(picture, random)
    return picture


def blurred(picture, sigma):
    """A Gaussian of that deviation, in pixels."""
    reach = max(1, round(2.5 * sigma))
    bell = torch.exp(-((torch.arange(-reach, reach + 1) / sigma) ** 2) / 2)
    bell = (bell / bell.sum()).expand(3, 1, 1, -1)
    for kernel, pad in ((bell, (reach, reach, 0, 0)), (bell.transpose(2, 3), (0, 0, reach, reach))):
        picture = F.conv2d(F.pad(picture[None], pad, "replicate"), kernel, groups=3)[0]
    return picture


def through_jpeg(picture, quality):
    file = io.BytesIO()
    Image.fromarray((picture * 255).round().byte().permute(1, 2, 0).numpy()).save(file, "JPEG", quality=quality)
    return torch.from_numpy(np.array(Image.open(file))).permute(2, 0, 1).float() / 255


def as_seen(picture, random, config):
    """As Segment sees a picture: mostly of a quarter of the size and enlarged again, some of more; some blurred, grained, or JPEG's."""
    h, w = picture.shape[1:]
    draw = random.random()
    if draw < config["degraded"]:
        factor = SCALE
    elif draw < config["degraded"] + config["partly"]:
        factor = float(random.uniform(1.3, SCALE))
    else:
        factor = 1
    sizes = [max(1, round(side / factor)) for side in (h, w)]
    if random.random() < config["blurred"]:
        picture = blurred(picture, float(random.uniform(0.5, 2.5)))
    if factor > 1:
        picture = imresize(picture[None], *sizes)[0].clamp(0, 1)
    if random.random() < config["grained"]:
        picture = (picture + torch.randn(1 if random.random() < 0.5 else 3, *sizes) * float(random.uniform(0, 0.05))).clamp(0, 1)
    picture = round8(picture)
    if random.random() < config["jpeg"]:
        picture = through_jpeg(picture, int(random.integers(30, 95)))
    return imresize(picture[None], h, w)[0].clamp(0, 1) if factor > 1 else picture

"""What training does to pictures in [0, 1], `[3, h, w]`, before a network sees them. `random` is a numpy Generator."""
import numpy as np
import torch

from .degradation import blurred, compressed, noisy
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


def relit(picture, random):
    """With less or more light, as at dusk: multiplied where values are proportional to it, about their power of 2.2."""
    light = float(np.exp(random.uniform(*np.log((0.12, 1.4)))))
    return (picture * light ** (1 / 2.2)).clamp(0, 1)


def recoloured(picture, random, config):
    if random.random() < config["light"]:
        picture = relit(picture, random)
    draw = random.random()
    if draw < config["grey"]:
        return cast(grey(picture), random).mean(0, keepdim=True).expand(3, -1, -1)
    if draw < config["grey"] + config["sepia"]:
        return toned(picture, random)
    if draw < config["grey"] + config["sepia"] + config["cast"]:
        return cast(picture, random)
    return picture


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
    picture = picture[None]
    if random.random() < config["blurred"]:
        picture = blurred(picture, float(random.uniform(0.5, 2.5)))
    if factor > 1:
        picture = imresize(picture, *sizes).clamp(0, 1)
    if random.random() < config["grained"]:
        picture = noisy(picture, float(random.uniform(0, 12)), random).clamp(0, 1)
    picture = round8(picture)
    if random.random() < config["jpeg"]:
        picture = compressed(picture, int(random.integers(30, 95)))
    return (imresize(picture, h, w).clamp(0, 1) if factor > 1 else picture)[0]

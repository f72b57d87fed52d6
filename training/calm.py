"""Keeps calm ground calm: VGG's max pooling is brought nearer to grain (of a camera, of sand) by a fine mesh than by an even tone."""
from torch.nn import functional as F

TURN = 2 / 255  # contrast at which a pixel counts half
WINDOW = 5


def window_mean(x):
    return F.avg_pool2d(F.pad(x, (WINDOW // 2,) * 4, "replicate"), WINDOW, 1)


def contrast(picture):
    """Mean absolute deviation from the mean around each pixel, of all colours, smoothed: `[n, 1, h, w]`, in the picture's units."""
    return window_mean((picture - window_mean(picture)).abs().mean(1, keepdim=True))


def calm(found, wanted):
    """L1 of the pixels, each by how calm `wanted` is around it: 1 on even ground, a half where the contrast is `TURN`, next to
    nothing in texture."""
    share = 1 / (1 + (contrast(wanted) / TURN) ** 2)
    return (share * (found - wanted).abs()).mean()

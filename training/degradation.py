"""What happens to a picture on its way to the web, in mild form: blur, noise and JPEG, on the low resolution. Stage `real` learns from
such pictures, and `python3 -m training degrade` makes them to measure with; the node Degrade does the same.
"""
import io
import zlib
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

from . import files
from .evaluate import bench_pairs, held_out_arguments, held_out_pairs
from .failure import Failure
from .resize import round8

BLUR, NOISE, JPEG = 1.0, 10.0, (50, 95)  # largest σ in low-resolution pixels; largest σ in levels of 255; quality
EACH = 0.75  # the probability of each of the three
MEASURED = 20261127  # the seed of what is measured with


def blurred(picture, sigma):
    """By a Gaussian of σ pixels; beyond the edge the edge's pixels go on."""
    reach = int(np.ceil(3 * sigma))
    bell = torch.exp(-torch.arange(-reach, reach + 1).float().square() / (2 * sigma**2))
    channels = picture.shape[1]
    bell = (bell / bell.sum()).expand(channels, 1, -1)
    x = F.pad(picture, (reach,) * 4, "replicate")
    return F.conv2d(F.conv2d(x, bell[:, :, None, :], groups=channels), bell[:, :, :, None], groups=channels)


def noisy(picture, sigma, random):
    """Gaussian noise of σ levels of 255, of each pixel and colour its own."""
    return picture + torch.from_numpy(random.normal(0, sigma / 255, picture.shape)).float()


def compressed(picture, quality):
    """Through a JPEG file with colours at half the resolution, as cameras and the web write them."""
    buffer = io.BytesIO()
    Image.fromarray((round8(picture)[0] * 255).byte().permute(1, 2, 0).numpy()).save(buffer, "JPEG", quality=quality)
    with Image.open(buffer) as file:
        return torch.from_numpy(np.array(file)).permute(2, 0, 1)[None].float() / 255


def draw(random):
    """σ of the blur, σ of the noise and the quality, each None where it is left out."""
    wanted = random.random(3) < EACH
    values = random.uniform(0.2, BLUR), random.uniform(1, NOISE), int(random.integers(JPEG[0], JPEG[1] + 1))
    return tuple(value if there else None for value, there in zip(values, wanted))


def degraded(low, name, seed, share=1.0):
    """A low resolution `[1, 3, h, w]` of whole levels, as far as its name and the seed say; `share` of the pictures, the rest stay clean."""
    random = np.random.default_rng((seed, zlib.crc32(name.encode())))
    if random.random() >= share:
        return low
    blur, noise, quality = draw(random)
    low = blurred(low, blur) if blur else low
    low = noisy(low, noise, random) if noise else low
    return compressed(low, quality) if quality else round8(low)


def arguments(commands):
    p = commands.add_parser("degrade", help="write held-out pictures, or a benchmark's, with degraded low resolutions, to measure with")
    p.add_argument("--out", type=Path, required=True, help="gets FOLDER-NAME.png and FOLDER-NAME_lr.png: a folder for evaluate --bench")
    p.add_argument("--bench", type=Path, nargs="*", default=[], help="folders with NAME.png and NAME_lr.png")
    held_out_arguments(p)


def write_degraded(options):
    if not options.bench + options.pictures:
        raise Failure("nothing to degrade: give --bench or --pictures")
    count = 0
    sets = [(folder, bench_pairs(folder)) for folder in options.bench]
    sets += [(folder, held_out_pairs(folder, options)) for folder in options.pictures]
    for folder, pairs in sets:
        for stem, high, low in pairs:
            name = f"{folder.name}-{stem}"
            for path, picture in ((f"{name}.png", high), (f"{name}_lr.png", degraded(low, name, MEASURED))):
                image = Image.fromarray((round8(picture)[0] * 255).byte().permute(1, 2, 0).numpy())
                files.replace(options.out / path, lambda temporary: image.save(temporary, "PNG"))
            count += 1
    print(f"{options.out}: {count} pictures")

"""`python3 -m training guess`: labels for pictures that nobody has labelled, for self-training (Xie et al., CVPR 2020): what segmentation networks
are sure of on the sharp picture and its mirror image, larger and smaller, for one that is to say the same of it shrunk, grey or dark.
"""
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

from . import files
from .failure import Failure
from .load import load_segmenter
from .metrics import ANIMAL
from .pack import choose
from .pictures import NOT_ANIMAL, UNKNOWN, list_pictures, list_whole, read_picture

SCALES = (1.0, 0.7)


def arguments(commands):
    p = commands.add_parser("guess", help="labels of what networks are sure of, for self-training")
    p.add_argument("--segment", type=Path, nargs="+", required=True, help="segmentation weights; of several, their mean")
    p.add_argument("--data", type=Path, required=True, help="folder with sr/ and seg/; what `pack` leaves out is left out")
    p.add_argument("--folder", required=True, help="of it, such as sr/photos")
    p.add_argument("--known", type=Path, nargs="*", default=[], help="folders of label pictures: what they label is left away")
    p.add_argument("--whole", type=Path, metavar="LIST", help="pictures of the folder with one label: those with a class are left away, no other shows an animal")
    p.add_argument("--sure", type=float, default=0.9, help="a pixel below this probability is unknown")
    p.add_argument("--no-animal", type=float, default=0.02, help="and unknown but no animal where an animal has less than this")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--out", type=Path, required=True, help="folder of label pictures, named after the source, such as bsds-guessed")


@torch.no_grad()
def probabilities(picture, networks):
    """Of RGB `[3, h, w]` uint8: the mean `[K, h, w]` of what the networks say of it, mirrored too, at SCALES."""
    image, size = picture[None].float() / 255, picture.shape[1:]
    total = 0
    for scale in SCALES:
        seen = image if scale == 1 else F.interpolate(image, scale_factor=scale, mode="bilinear", antialias=True)
        for net in networks:
            said = net(seen) + net(seen.flip(3)).flip(3)
            total = total + F.interpolate(said, tuple(size), mode="bilinear", align_corners=False)[0]
    return total / (2 * len(SCALES) * len(networks))


def labels_of(said, sure, no_animal):
    """Probabilities `[K, h, w]` as labels `[h, w]`, uint8."""
    best, label = said.max(0)
    unknown = torch.where(said[ANIMAL] < no_animal, NOT_ANIMAL, UNKNOWN)
    return torch.where(best >= sure, label, unknown).byte()


def guess(options):
    torch.set_num_threads(options.threads)
    networks = [load_segmenter(path) for path in options.segment]
    known = {path.stem for folder in options.known for path in list_pictures(folder)}
    whole = dict(list_whole(options.whole, options.data / options.folder)) if options.whole else {}
    known |= {path.stem for path, label in whole.items() if label != NOT_ANIMAL}
    learn = [path for _, path in choose(options.data)[0].get(options.folder, [])]
    if not learn:
        raise Failure(f"--folder {options.folder}: {options.data} has no such pictures to learn from")
    options.out.mkdir(parents=True, exist_ok=True)
    sure, count = 0.0, 0
    for path in learn:
        if path.stem in known:
            continue
        label = labels_of(probabilities(read_picture(path), networks), options.sure, options.no_animal).numpy()
        if path in whole:
            label[(label == UNKNOWN) | (label == ANIMAL)] = NOT_ANIMAL
        files.replace(options.out / f"{path.stem}.png", lambda temporary: Image.fromarray(label).save(temporary, "PNG"))
        sure, count = sure + float(np.mean(label < NOT_ANIMAL)), count + 1
    print(f"{options.out}: {count} pictures, sure of {100 * sure / max(1, count):.0f} % of their pixels")

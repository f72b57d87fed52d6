"""Reads pictures and label pictures, and splits them into those to learn from and those held out."""
from functools import cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw

from .failure import Failure

NAMES = ("background", "sky", "water", "grass", "mountain", "building", "plant", "animal")
UNKNOWN, NOT_ANIMAL = 255, 254
MENDED = Path(__file__).parent / "labels" / "mended.txt"
SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".bmp"}


def list_pictures(folder):
    folder = Path(folder)
    if not folder.is_dir():
        raise Failure(f"there is no folder {folder}: check the path")
    found = sorted(p for p in folder.iterdir() if p.suffix.lower() in SUFFIXES and not p.name.startswith("."))
    if not found:
        raise Failure(f"{folder} has no pictures ({', '.join(sorted(SUFFIXES))})")
    return found


def list_labelled(folder):
    """Pairs of `images/NAME.*` and `labels/NAME.png`."""
    pairs = []
    for picture in list_pictures(Path(folder) / "images"):
        label = Path(folder) / "labels" / f"{picture.stem}.png"
        if not label.is_file():
            raise Failure(f"{picture} has no labels: {label} is missing")
        pairs.append((picture, label))
    return pairs


def list_whole(listing, folder):
    """Pictures with one label for all their pixels: lines `NAME LABEL`, a class's name or `no-animal`; # begins a comment."""
    known = {name: i for i, name in enumerate(NAMES)} | {"no-animal": NOT_ANIMAL}
    try:
        lines = [line.split("#")[0].split() for line in Path(listing).read_text().splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{listing} is no list that can be read ({error}): check the path") from None
    pairs = []
    for words in filter(None, lines):
        if len(words) != 2 or words[1] not in known:
            raise Failure(f"{listing} has the line {' '.join(words)!r}: write NAME LABEL with one of {', '.join(known)}")
        path = Path(folder) / words[0]
        if not path.is_file():
            raise Failure(f"{listing} names {words[0]}, which is not in {folder}")
        pairs.append((path, known[words[1]]))
    return pairs


def list_by_hand(labels, pictures):
    """Pairs of `PICTURES/NAME.*` and `LABELS/NAME.png`, for each label picture."""
    there = {path.stem: path for path in list_pictures(pictures)}
    pairs = [(there.get(label.stem), label) for label in list_pictures(labels)]
    for picture, label in pairs:
        if picture is None:
            raise Failure(f"{label} has no picture in {pictures}: check the folder")
    return pairs


@cache
def mends():
    """Regions of other people's labels that are wrong, by source and name: a point of each, what it was and what it is."""
    known, found = {name: i for i, name in enumerate(NAMES)} | {"no-animal": NOT_ANIMAL, "unknown": UNKNOWN}, {}
    for line in MENDED.read_text().splitlines():
        if line and not line.startswith("#"):
            place, x, y, was, becomes = line.split()
            found.setdefault(place, []).append(((int(x), int(y)), known[was], known[becomes]))
    return found


def mended(path, picture):
    """A label picture SOURCE/labels/NAME.png with its wrong regions mended (labels/mended.txt)."""
    for point, was, becomes in mends().get(f"{path.parent.parent.name}/{path.stem}", ()):
        if all(at < side for at, side in zip(point, picture.size)) and picture.getpixel(point) == was:
            ImageDraw.floodfill(picture, point, becomes)
    return picture


def collection(source):
    """The collection a source's pictures are of: `bsds` of `bsds` and of `bsds-close`."""
    return source.partition("-")[0]


def by_source(options):
    """The pairs of --labelled, --by-hand and --whole by source, which is the name of the folder of --labelled, and of the label pictures of --by-hand:
    labels of both kinds of one collection are one source. What is labelled by hand is not taken twice."""
    found = {}
    for folder in options.labelled:
        found.setdefault(folder.name, []).extend(list_labelled(folder))
    for labels, pictures in options.by_hand:
        found.setdefault(labels.name, []).extend(list_by_hand(labels, pictures))
    if getattr(options, "whole", None):
        known = {pair[0] for pairs in found.values() for pair in pairs}
        found["whole"] = [pair for pair in list_whole(*options.whole) if pair[0] not in known]
    return found


def read_picture(path):
    """RGB `[3, h, w]`, uint8."""
    try:
        with Image.open(path) as picture:
            array = np.array(picture.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Failure(f"{path} is no picture that can be read ({error}): remove or replace it") from None
    return torch.from_numpy(array).permute(2, 0, 1).contiguous()


def read_labels(path, size):
    """Classes `[h, w]`, uint8: 0 to 7, 254 (unknown, no animal) and 255 (unknown), mended. `path` may be one class for all; `size` None: any."""
    if isinstance(path, int):
        return torch.full(tuple(size), path, dtype=torch.uint8)
    try:
        with Image.open(path) as picture:
            if picture.mode not in ("L", "P"):
                raise Failure(f"{path} is a {picture.mode} picture: labels are 8-bit grey or palette pictures")
            array = np.array(mended(Path(path), picture))
    except (OSError, ValueError, SyntaxError) as error:
        raise Failure(f"{path} is no picture that can be read ({error}): remove or replace it") from None
    if size is not None and array.shape != tuple(size):
        raise Failure(f"{path} is {array.shape[1]} × {array.shape[0]} and its picture {size[1]} × {size[0]}: make them equal")
    wrong = array[(array >= len(NAMES)) & (array < NOT_ANIMAL)]
    if wrong.size:
        raise Failure(f"{path} has label {wrong.flat[0]}: classes are 0 to {len(NAMES) - 1}, 254 and 255 are unknown")
    return torch.from_numpy(array)


def split(items, every, block=1):
    """What to learn from and what is held out: of every `every` blocks of consecutive items the last one."""
    held = [(i // block) % every == every - 1 for i in range(len(items))]
    return [x for x, h in zip(items, held) if not h], [x for x, h in zip(items, held) if h]

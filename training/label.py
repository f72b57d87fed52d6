"""`python3 -m training label`: labels by hand, region by region. `sheets` cuts pictures into regions (SLIC, then like neighbours merged: colour,
texture and what the present network says) and draws them numbered on contact sheets; a person writes for each picture what its
regions show; `paint` makes label pictures of it and draws them over the pictures, to look at and correct. Needs scikit-image.
"""
import heapq
import re
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw

from . import files
from .failure import Failure
from .load import load_segmenter
from .pictures import NOT_ANIMAL, UNKNOWN, list_pictures, read_picture
from .segment import PALETTE

LETTERS = {"b": 0, "s": 1, "w": 2, "g": 3, "m": 4, "h": 5, "p": 6, "a": 7, "u": NOT_ANIMAL, "x": UNKNOWN}
CELL, COLUMNS, ROWS, LINE = 480, 3, 2, 14  # of a sheet, pixels
PIECES, COMPACTNESS = 500, 8.0  # of SLIC
# How far apart two regions are: Lab of 100, its local deviation, and probabilities, each times its weight.
SAID = 25.0


def arguments(commands):
    p = commands.add_parser("label", help="label pictures by hand, region by region")
    ways = p.add_subparsers(dest="way", required=True)
    s = ways.add_parser("sheets", help="numbered regions, and sheets of them to look at")
    s.add_argument("--pictures", type=Path, required=True, help="folder of photographs")
    s.add_argument("--names", nargs="+", required=True, help="their names without the ending")
    s.add_argument("--segment", type=Path, default=Path("weights/segment.safetensors"), help="the network whose opinion helps to merge")
    s.add_argument("--count", type=int, default=24, help="at most so many regions")
    s.add_argument("--like", type=float, default=260.0, help="regions closer than this are merged; smaller: more regions")
    s.add_argument("--work", type=Path, required=True, help="folder for regions and sheets, outside the project")
    p = ways.add_parser("paint", help="label pictures of what was written")
    p.add_argument("--answers", type=Path, required=True, help="lines NAME LETTER:REGION,FROM-TO ... *:LETTER; " + " ".join(f"{k} {v}" for k, v in LETTERS.items()))
    p.add_argument("--pictures", type=Path, required=True)
    p.add_argument("--work", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True, help="folder of label pictures")


def neighbours(pieces):
    pairs = [np.stack((a.ravel(), b.ravel()), 1) for a, b in ((pieces[:, 1:], pieces[:, :-1]), (pieces[1:], pieces[:-1]))]
    pairs = np.concatenate(pairs)
    return np.unique(np.sort(pairs[pairs[:, 0] != pairs[:, 1]], 1), axis=0)


def merged(pieces, values, like, count):
    """Pieces `[h, w]` merged by Ward's rule on `values` `[h, w, n]` until neighbours differ by `like` and at most `count` are left."""
    n = pieces.max() + 1
    size = np.bincount(pieces.ravel(), minlength=n).astype(float)
    mean = np.stack([np.bincount(pieces.ravel(), v.ravel(), n) for v in np.moveaxis(values, 2, 0)], 1) / size[:, None]
    beside, parent, heap = [set() for _ in range(n)], np.arange(n), []
    unit = pieces.size / PIECES  # so that the cost does not depend on the picture's size

    def push(a, b):
        weight = size[a] * size[b] / (size[a] + size[b]) / unit
        heapq.heappush(heap, (weight**0.5 * ((mean[a] - mean[b]) ** 2).sum(), size[a], size[b], a, b))

    for a, b in neighbours(pieces):
        beside[a].add(b)
        beside[b].add(a)
        push(a, b)
    left = n
    while heap:
        cost, at, bt, a, b = heapq.heappop(heap)
        if parent[a] != a or parent[b] != b or size[a] != at or size[b] != bt:
            continue
        if cost > like and left <= count:
            break
        mean[a] = (mean[a] * size[a] + mean[b] * size[b]) / (size[a] + size[b])
        size[a] += size[b]
        parent[b], left = a, left - 1
        beside[a] = (beside[a] | beside[b]) - {a, b}
        for c in beside[a]:
            beside[c] = (beside[c] - {b}) | {a}
            push(a, c)
    for i in range(n):
        while parent[i] != parent[parent[i]]:
            parent[i] = parent[parent[i]]
    return np.unique(parent[pieces], return_inverse=True)[1].reshape(pieces.shape)


@torch.no_grad()
def regions_of(picture, segmenter, like, count):
    """Of RGB `[3, h, w]` uint8: numbers from 0 up, `[h, w]`."""
    from scipy.ndimage import uniform_filter
    from skimage.color import rgb2lab
    from skimage.segmentation import slic

    image = picture.permute(1, 2, 0).numpy()
    pieces = slic(image, PIECES, COMPACTNESS, start_label=0)
    lab = rgb2lab(image)
    mean = uniform_filter(lab[..., :1], (9, 9, 1))
    deviation = np.sqrt(np.maximum(uniform_filter(lab[..., :1] ** 2, (9, 9, 1)) - mean**2, 0))
    said = segmenter(picture[None].float() / 255)[0].permute(1, 2, 0).numpy()
    return merged(pieces, np.concatenate((lab, deviation, SAID * said), 2), like, count)


def outlined(image, regions):
    """The picture with the regions' borders and, at the place of each that is farthest from them, its number."""
    from scipy.ndimage import distance_transform_edt

    edge = np.zeros(regions.shape, bool)
    edge[:, 1:] |= regions[:, 1:] != regions[:, :-1]
    edge[1:] |= regions[1:] != regions[:-1]
    image = image.copy()
    image[edge] = (255, 0, 255)
    picture = Image.fromarray(image)
    draw = ImageDraw.Draw(picture)
    for i in range(regions.max() + 1):
        inside = distance_transform_edt(np.pad(regions == i, 1))[1:-1, 1:-1]
        y, x = np.unravel_index(inside.argmax(), inside.shape)
        box = draw.textbbox((x, y), str(i), anchor="mm")
        draw.rectangle((box[0] - 1, box[1] - 1, box[2] + 1, box[3] + 1), fill=(0, 0, 0))
        draw.text((x, y), str(i), fill=(255, 255, 0), anchor="mm")
    return picture


def fitted(array, side, sharp=False):
    picture = Image.fromarray(array)
    scale = side / max(picture.size)
    return picture.resize([round(s * scale) for s in picture.size], Image.NEAREST if sharp else Image.LANCZOS)


def write_sheets(cells, folder, prefix):
    """Sheets of pictures `(name, picture)`, each as soon as it is full."""
    cells = iter(cells)
    while some := list(islice(cells, COLUMNS * ROWS)):
        sheet = Image.new("RGB", (COLUMNS * (CELL + 2), ROWS * (CELL + LINE)))
        for i, (name, picture) in enumerate(some):
            x, y = i % COLUMNS * (CELL + 2), i // COLUMNS * (CELL + LINE)
            ImageDraw.Draw(sheet).text((x, y), name, fill=(255, 255, 255))
            sheet.paste(picture, (x, y + LINE))
        path = folder / f"{prefix}-{some[0][0]}.png"
        sheet = sheet.crop(sheet.getbbox())
        files.replace(path, lambda temporary: sheet.save(temporary, "PNG"))
        print(path, flush=True)


def sheets(options):
    segmenter = load_segmenter(options.segment)
    paths = {path.stem: path for path in list_pictures(options.pictures)}
    unknown = [name for name in options.names if name not in paths]
    if unknown:
        raise Failure(f"there is no picture {unknown[0]} in {options.pictures}: check the name")

    def cell(name):
        picture = read_picture(paths[name])
        regions = regions_of(picture, segmenter, options.like, options.count).astype(np.uint8)
        target = options.work / "regions" / f"{name}.png"
        files.replace(target, lambda temporary: Image.fromarray(regions).save(temporary, "PNG"))
        image = fitted(picture.permute(1, 2, 0).numpy(), CELL)
        return name, outlined(np.array(image), np.array(fitted(regions, CELL, sharp=True)))

    write_sheets(map(cell, options.names), options.work, "regions")


def answers_of(path):
    """Name -> (class of each region named, class of the others)."""
    try:
        lines = [line.split("#")[0].split() for line in Path(path).read_text().splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{path} is no list that can be read ({error}): check the path") from None
    answers = {}
    for name, *words in filter(None, lines):
        classes, others = {}, NOT_ANIMAL
        for word in words:
            found = re.fullmatch(r"([a-z]):(\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*)|\*:([a-z])", word)
            letter = found and (found[1] or found[3])
            if letter not in LETTERS:
                raise Failure(f"{path} says {word!r} of {name}: write LETTER:1,4-6 or *:LETTER, with one of {' '.join(LETTERS)}")
            if found[3]:
                others = LETTERS[letter]
                continue
            for part in found[2].split(","):
                first, _, last = part.partition("-")
                for region in range(int(first), int(last or first) + 1):
                    if classes.get(region, LETTERS[letter]) != LETTERS[letter]:
                        raise Failure(f"{path} says two classes of region {region} of {name}: leave one")
                    classes[region] = LETTERS[letter]
        answers[name] = classes, others  # a later line replaces an earlier one
    return answers


def paint(options):
    paths, cells = {path.stem: path for path in list_pictures(options.pictures)}, []
    for name, (classes, others) in answers_of(options.answers).items():
        place = options.work / "regions" / f"{name}.png"
        if name not in paths or not place.is_file():
            raise Failure(f"{options.answers} names {name}, of which there are no regions in {options.work}: make its sheet first")
        regions = np.array(Image.open(place))
        beyond = [region for region in classes if region > regions.max()]
        if beyond:
            raise Failure(f"{options.answers} names region {beyond[0]} of {name}, which has {regions.max() + 1}: correct the line")
        table = np.full(256, others, np.uint8)
        table[list(classes)] = list(classes.values())
        labels = table[regions]
        write_labels(options.out / f"{name}.png", labels)
        image = np.array(fitted(read_picture(paths[name]).permute(1, 2, 0).numpy(), CELL))
        shown = np.array(fitted(labels, CELL, sharp=True))
        colours = np.zeros((256, 3))
        colours[: len(PALETTE)] = PALETTE
        mixed = np.where((shown < len(PALETTE))[..., None], 0.45 * image + 0.55 * colours[shown], 0.35 * image)
        cells.append((name, Image.fromarray(mixed.astype(np.uint8))))
    write_sheets(cells, options.work, "labels")


def write_labels(path, labels):
    """8 bits with a palette, to be looked at."""
    picture = Image.fromarray(labels, "P")
    picture.putpalette([value for colour in PALETTE for value in colour] + [0] * (3 * (256 - len(PALETTE))))
    files.replace(path, lambda temporary: picture.save(temporary, "PNG", optimize=True))


def label(options):
    (sheets if options.way == "sheets" else paint)(options)

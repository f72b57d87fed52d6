"""A blind look: crops of two generators side by side, left and right by chance, and the key in a file apart.

    python3 -m training blind --generators psnr=FILE sftgan=FILE --segment FILE --pictures FOLDER --out SHEETS --key KEY
    python3 -m training blind --key KEY --answers lrrl...

Whoever looks writes l or r for each crop, from the first sheet's top, before anyone opens the key.
"""
import json
import secrets
from pathlib import Path

import torch

from . import files
from .evaluate import held_out_arguments, held_out_pairs, named, spread
from .failure import Failure
from .load import load_generator, load_segmenter
from .priors import predicted
from .report import busiest, draw

ROWS, ZOOM = 6, 4


def arguments(commands):
    p = commands.add_parser("blind", help="sheets to choose between two generators without knowing which is which; or count the answers")
    p.add_argument("--key", type=Path, required=True, help="where it is written which side is whose")
    p.add_argument("--answers", help="a letter for each crop, l or r: counts them by the key")
    p.add_argument("--generators", nargs=2, metavar="NAME=FILE")
    p.add_argument("--segment", type=Path)
    p.add_argument("--out", type=Path, help="folder of the sheets")
    p.add_argument("--crops", type=int, default=24)
    held_out_arguments(p)


def blind(options):
    if options.answers is not None:
        return count(options)
    if not (options.generators and options.segment and options.out and options.pictures):
        raise Failure("to make sheets give --generators, --segment, --pictures and --out; to count, --answers")
    if options.out.resolve() in options.key.resolve().parents:
        raise Failure(f"--key {options.key} lies among the sheets: put it where whoever looks does not see it")
    return sheets(options)


@torch.no_grad()
def sheets(options):
    nets = {name: load_generator(path) for name, path in named("--generators", options.generators, "FILE")}
    if len(nets) != 2:
        raise Failure("--generators: give the two different names")
    segmenter, random = load_segmenter(options.segment), secrets.SystemRandom()
    pairs = [pair for folder in options.pictures for pair in held_out_pairs(folder, options)]
    pairs = spread(pairs, options.crops)
    random.shuffle(pairs)
    rows, key = [], []
    for _, high, low in pairs:
        prior, sides = predicted(segmenter, low), random.sample(list(nets), 2)
        top, left, side = busiest(high, low)
        rows.append([nets[name](low, prior)[:, :, top : top + side, left : left + side] for name in sides])
        key.append(sides)
    options.out.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(rows), ROWS):
        draw(options.out / f"blind-{start // ROWS + 1}.png", rows[start : start + ROWS], ["left", "right"], ZOOM)
    files.replace(options.key, lambda temporary: Path(temporary).write_text(json.dumps(key)))
    print(f"{options.out}: {len(rows)} crops; the key is {options.key}")


def count(options):
    """How often each generator was chosen."""
    try:
        key = json.loads(options.key.read_text())
        sides = [{"l": left, "r": right} for left, right in key]
    except (OSError, ValueError, TypeError) as error:
        raise Failure(f"--key {options.key} is no key of a blind look ({error}): give the one that was written with the sheets") from None
    answers = options.answers.lower()
    if len(answers) != len(sides) or set(answers) - set("lr"):
        raise Failure(f"--answers {options.answers}: the key has {len(sides)} crops; give a letter l or r for each")
    chosen = [side[letter] for side, letter in zip(sides, answers)]
    print(", ".join(f"{name} {chosen.count(name)}" for name in sorted(set().union(*(side.values() for side in sides)))) + f" of {len(chosen)}")

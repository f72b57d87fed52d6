"""`python3 -m training pack`: makes the files a generator's run reads, from the folders of data (see Data in README.md).

common.tar   VGG-19 and LPIPS as fp16 and VGG-16 as int8, where they are there, and held-out pictures for the report
pack-1.tar   pictures to learn from: all of them, or with --limit the best mix of so many MiB, enough on its own
pack-2.tar   with --limit, so much of the rest

Pictures are packed as the bytes they are. What is held out of training (pictures.split) stays out, and so does any picture that looks
like a held-out one, like one of a benchmark (bench/: Set5's woman is one of BSDS) or like one already taken (some sets repeat others).
"""
import io
import random
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image

from . import files
from .failure import Failure
from .features import small_vgg16
from .pictures import list_pictures, split

# Folder: share of a limited pack, how it is split (every, block). Ordered by how much they are wanted; seg/camvid's video frames last.
SETS = {
    "sr/photos": (0.27, 12, 6),
    "sr/bsds": (0.26, 12, 6),
    "sr/hays": (0.16, 12, 6),
    "sr/animal": (0.11, 12, 6),
    "seg/msrc": (0.13, 10, 1),
    "seg/facade": (0.05, 10, 1),
    "seg/voc": (0.02, 10, 1),
    "seg/bsds": (0.0, 10, 1),
    "seg/camvid": (0.0, 10, 1),
}
MEASURED = {"sr/photos": 7, "sr/bsds": 7, "sr/animal": 4, "sr/hays": 2, "seg/msrc": 4}  # held-out pictures of the report
ALIKE = 0.985
MIB, HEADER = 2**20, 1024


def arguments(commands):
    p = commands.add_parser("pack", help="make the files a generator's run reads")
    p.add_argument("--data", type=Path, required=True, help="folder with sr/, seg/, vgg19/, and vgg16/ and lpips/ where there are any")
    p.add_argument("--out", type=Path, required=True, help="folder for the packs, outside the project")
    p.add_argument("--limit", type=float, help="MiB of a pack, where only so much can be carried to the machine")


def fingerprint(path):
    """The picture as 16×16 grey cells of unit length, and how much detail it has."""
    try:
        with Image.open(path) as file:
            grey = file.convert("L")
            cells = np.asarray(grey.resize((16, 16), Image.BOX), float).ravel()
            x = np.asarray(grey, float) / 255
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Failure(f"{path} is no picture that can be read ({error}): remove or replace it") from None
    cells -= cells.mean()
    detail = np.abs(np.diff(x, axis=0)).mean() + np.abs(np.diff(x, axis=1)).mean()
    return cells / (np.linalg.norm(cells) + 1e-6), detail


def choose(data):
    """Folder -> [(detail, path)] to learn from, and folder -> held-out paths."""
    learn, held = {}, {}
    for folder, (_, every, block) in SETS.items():
        place = data / folder / ("images" if folder.startswith("seg") else "")
        if place.is_dir():
            learn[folder], held[folder] = split(list_pictures(place), every, block)
    if not learn:
        raise Failure(f"{data} has none of the folders {', '.join(SETS)}: give --data the folder they are in")
    benchmarks = [path for folder in sorted((data / "bench").glob("*/")) for path in list_pictures(folder)]
    seen = [fingerprint(path)[0] for path in [p for paths in held.values() for p in paths] + benchmarks]
    kept, left_out = {}, 0
    for folder, paths in learn.items():
        for path in paths:
            mark, detail = fingerprint(path)
            if seen and (np.stack(seen) @ mark).max() > ALIKE:
                left_out += 1
                continue
            seen.append(mark)
            kept.setdefault(folder, []).append((detail, path))
    counts = sum(map(len, kept.values())), sum(map(len, held.values()))
    print(f"{counts[0]} pictures to learn from; {left_out} left out that look like others; {counts[1]} held out")
    return kept, held


def fill(kept, room, shares):
    """Paths for a pack of `room` bytes: of each folder its share, at random, the calmest third last; then whatever is left, while
    there is room."""
    taken, size, order = [], 0, {}
    for folder, items in kept.items():
        paths = [p for _, p in sorted(items, reverse=True)]
        lively = paths[: round(0.67 * len(paths))]
        random.Random(0).shuffle(lively)
        order[folder] = lively + paths[len(lively) :]
    for folder, share in shares.items():
        spent = 0
        while order.get(folder) and spent + order[folder][0].stat().st_size <= share * room:
            path = order[folder].pop(0)
            spent += path.stat().st_size + HEADER
            taken.append((folder, path))
        size += spent
    for folder in shares:
        for path in order.get(folder, ()):
            if size + path.stat().st_size + HEADER < room:
                size += path.stat().st_size + HEADER
                taken.append((folder, path))
    return taken


def write(path, contents):
    """`contents`: name -> bytes or path."""

    def tarred(temporary):
        with tarfile.open(temporary, "w", format=tarfile.USTAR_FORMAT) as tar:
            for name, content in contents.items():
                data = content.read_bytes() if isinstance(content, Path) else content
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))

    files.replace(path, tarred)
    print(f"{path}: {len(contents)} files, {path.stat().st_size / MIB:.2f} MiB")


def npz(arrays):
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def networks(data):
    """Those of the losses and of LPIPS, as small as they can be without a difference that matters."""
    found = {}
    for name in ("vgg19", "vgg16", "lpips"):
        path = next(iter(sorted((data / name).glob("*.npz"))), None)
        if path and name == "vgg16":
            found["vgg16.npz"] = npz(small_vgg16(path))
        elif path:
            with np.load(path) as arrays:
                found[f"{name}.npz"] = npz({k: arrays[k].astype("f2") for k in arrays.files})
    return found


def pack(options):
    kept, held = choose(options.data)
    chosen = {}
    for folder, count in MEASURED.items():
        paths = held.get(folder, [])
        for path in [paths[i * len(paths) // count] for i in range(count)] if len(paths) > count else paths:
            chosen[f"held/{folder.split('/')[1]}-{path.name}"] = path
    write(options.out / "common.tar", networks(options.data) | chosen)
    room = options.limit * MIB if options.limit else float("inf")
    shares = {folder: share for folder, (share, *_) in SETS.items()}
    for number in (1, 2) if options.limit else (1,):
        taken = fill(kept, room, shares if number == 1 and options.limit else dict.fromkeys(SETS, 0.0))
        write(options.out / f"pack-{number}.tar", {f"{folder.split('/')[1]}/{path.name}": path for folder, path in taken})
        print(", ".join(f"{f} {n}" for f in SETS if (n := sum(g == f for g, _ in taken))))
        gone = {path for _, path in taken}
        kept = {folder: [(d, p) for d, p in items if p not in gone] for folder, items in kept.items()}

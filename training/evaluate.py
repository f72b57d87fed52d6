"""`python3 -m training evaluate`: what weights are worth, as Markdown tables (measure.py says what is measured)."""
import copy
import statistics
from pathlib import Path

import torch
from torch.nn import functional as F

from . import files
from .failure import Failure
from .load import load_generator, load_segmenter
from .measure import Distances, mean, measure, table
from .metrics import Confusion
from .pictures import NAMES, by_source, list_labelled, list_pictures, read_labels, read_picture, split
from .priors import one_class, predicted
from .resize import SCALE, degrade, enlarge, round8


def arguments(commands):
    p = commands.add_parser("evaluate", help="measure weights; prints Markdown tables")
    p.add_argument("--generators", nargs="*", default=[], metavar="NAME=FILE", help="generators to compare")
    p.add_argument("--results", nargs="*", default=[], metavar="NAME=FOLDER",
                   help="enlarged by other programs: FOLDER/BENCH/PICTURE.png for each PICTURE_lr.png of a --bench folder")  # fmt: skip
    p.add_argument("--segment", type=Path, help="segmentation weights: makes the priors, and is measured on --labelled")
    p.add_argument("--vgg", type=Path, help="VGG-19 npz")
    p.add_argument("--espnet", type=Path, help="ESPNetv2 s=2.0 checkpoint")
    p.add_argument("--lpips", type=Path, help="LPIPS v0.1 on AlexNet, npz")
    p.add_argument("--bench", type=Path, nargs="*", default=[], help="folders with NAME.png and NAME_lr.png")
    held_out_arguments(p)
    p.add_argument("--labelled", type=Path, nargs="*", default=[], help="folders with images/ and labels/, held-out ones used")
    p.add_argument("--by-hand", type=Path, nargs=2, action="append", default=[], metavar=("LABELS", "PICTURES"), help="for --left-out, as in training")
    p.add_argument("--left-out", nargs="*", default=[], metavar="SOURCE=FILE",
                   help="segmentation weights of runs with --leave-out SOURCE: measured on all pictures of that source")  # fmt: skip
    p.add_argument("--labelled-every", type=int, default=10)
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--out", type=Path, help="write the tables here as well")


def held_out_arguments(p):
    p.add_argument("--pictures", type=Path, nargs="*", default=[], help="folders of which the held-out pictures are used")
    p.add_argument("--every", type=int, default=12, help="pictures: of every so many blocks the last is held out")
    p.add_argument("--block", type=int, default=6)
    p.add_argument("--count", type=int, default=1000, help="at most so many pictures of each folder, evenly spread")
    p.add_argument("--side", type=int, default=0, help="pictures: the middle of so many pixels a side; 0: all of it")


def modulation_off(net):
    """The same network with scale and shift at zero: out of the distribution it was trained in."""
    net = copy.deepcopy(net)
    for name, p in net.named_parameters():
        if "SFT_" in name and "conv1" in name:
            p.data.zero_()
    return net


def bench_pairs(folder):
    for path in list_pictures(folder):
        if path.stem.endswith("_lr"):
            continue
        low = path.with_name(f"{path.stem}_lr{path.suffix}")
        if not low.is_file():
            raise Failure(f"{path} has no low-resolution picture {low.name}")
        yield path.stem, picture(path), picture(low)


def spread(items, count):
    return [items[i * len(items) // count] for i in range(count)] if len(items) > count else items


def held_out_pairs(folder, options):
    for path in spread(split(list_pictures(folder), options.every, options.block)[1], options.count):
        high = picture(path)
        h, w = (min(side, options.side or side) // SCALE * SCALE for side in high.shape[2:])
        top, left = (high.shape[2] - h) // 2, (high.shape[3] - w) // 2
        high = high[:, :, top : top + h, left : left + w]
        yield path.stem, high, round8(degrade(high))


def picture(path):
    return read_picture(path)[None].float() / 255


def enlarged_elsewhere(folder, stem, high):
    """What another program made of a picture: of the original's size, or of four times the low resolution's."""
    found = picture(folder / f"{stem}.png")
    if any(not 0 <= side - wanted < SCALE for side, wanted in zip(found.shape[2:], (s // SCALE * SCALE for s in high.shape[2:]))):
        raise Failure(f"{folder / stem}.png is {found.shape[3]} × {found.shape[2]}, the original {high.shape[3]} × {high.shape[2]}: enlarge by four")
    return found


def compare(title, pairs, generators, segmenter, distances, write, others=None):
    """A table of the generators on a set of pictures, and of what `others` (name -> folder) made of them."""
    results = {"bicubic": []} | {name: [] for name in (*generators, *(others or {}))}
    for stem, high, low in pairs:
        prior = predicted(segmenter, low) if segmenter else None
        results["bicubic"].append(measure(enlarge(low).clamp(0, 1), high, low, distances))
        for name, folder in (others or {}).items():
            results[name].append(measure(enlarged_elsewhere(folder, stem, high), high, low, distances))
        for name, net in generators.items():
            results[name].append(measure(net(low, prior).clamp(0, 1), high, low, distances))
    rows = [{title: name} | mean(values) for name, values in results.items()]
    write(table(rows) + f"\n\n{len(results['bicubic'])} pictures; power is in dB of the original's, by share of the highest frequency.\n")


def prior_helps(title, pairs, generators, segmenter, distances, write):
    """Predicted prior against background everywhere, against that of the next picture, and with modulation off."""
    pairs = [(high, low) for _, high, low in pairs]
    priors = [predicted(segmenter, low) for _, low in pairs]
    rows = []
    for name, net in generators.items():
        if not net.condition:
            continue
        off, found, change = modulation_off(net), {}, []
        for i, (high, low) in enumerate(pairs):
            size = priors[i].shape[2:]
            other = F.interpolate(priors[(i + 1 + len(pairs) // 2) % len(pairs)], size, mode="bilinear", align_corners=False)
            pictures = {"predicted": net(low, priors[i])}
            pictures |= {"background": net(low, one_class(0, *size)), "shuffled": net(low, other), "modulation off *": off(low, priors[i])}
            change.append((pictures["predicted"] - pictures["shuffled"]).abs().mean().item())
            for kind, result in pictures.items():
                found.setdefault(kind, []).append(distances.of(round8(result), high))
        for kind in list(found)[1:]:
            row = {title: name, "against": kind}
            for metric in found[kind][0]:
                gains = [1 - a[metric] / b[metric] for a, b in zip(found["predicted"], found[kind])]
                row[f"{metric}: better on"] = f"{100 * sum(g > 0 for g in gains) / len(gains):.0f} %"
                row[f"{metric}: median gain"] = f"{100 * statistics.median(gains):.3f} %"
            rows.append(row)
        write(f"{name}: the picture changes by {statistics.fmean(change):.5f} on average between predicted and shuffled prior.\n")
    write(table(rows) + "\n\n\\* out of the distribution the network was trained in.\n")


RECOLOURED = {
    "colour": lambda x: x,
    "grey": lambda x: x.mean(1, keepdim=True).expand(-1, 3, -1, -1),
    "sepia": lambda x: 0.1 + 0.8 * x.mean(1, keepdim=True) * torch.tensor((1.0, 0.88, 0.68))[None, :, None, None],
}


def confused(segmenter, pairs, recolour):
    """What a network says of labelled pictures, seen through ×1/4 and back."""
    confusion = Confusion()
    for path, labels in pairs:
        high = picture(path)
        h, w = (side // SCALE * SCALE for side in high.shape[2:])
        truth = read_labels(labels, high.shape[2:])[:h, :w]
        confusion.see(predicted(segmenter, round8(degrade(recolour(high[:, :, :h, :w]))))[0], truth)
    return confusion


def segmentation(folders, segmenter, options, write):
    """Held-out labelled pictures of sources that the network knows, in colour, grey and sepia."""
    rows, totals = [], {kind: Confusion() for kind in RECOLOURED}
    for folder in folders:
        held = spread(split(list_labelled(folder), options.labelled_every)[1], options.count)
        for kind, recolour in RECOLOURED.items():
            confusion = confused(segmenter, held, recolour)
            totals[kind].merge(confusion)
            rows.append({"pictures": f"{folder.name} ({len(held)})", "seen in": kind} | row_of(confusion))
    rows += [{"pictures": "all", "seen in": kind} | row_of(confusion) for kind, confusion in totals.items()]
    write(table(rows) + "\n")


def left_out(segmenters, options, write):
    """All pictures of each source by the network that has seen none of it; their mean, and all pixels together."""
    sources, rows, totals, found = by_source(options), [], {}, {}
    for name, segmenter in segmenters.items():
        if name not in sources:
            raise Failure(f"--left-out {name}: there is no such source, there are {', '.join(sources)}")
        pairs = spread(sources[name], options.count)
        for kind, recolour in RECOLOURED.items():
            confusion = confused(segmenter, pairs, recolour)
            totals.setdefault(kind, Confusion()).merge(confusion)
            found.setdefault(kind, []).append(confusion)
            rows.append({"never seen": f"{name} ({len(pairs)})", "seen in": kind} | row_of(confusion))
    rows += [{"never seen": "all pixels", "seen in": kind} | row_of(confusion) for kind, confusion in totals.items()]
    for kind, some in found.items():
        means = [statistics.mean(f(c) for c in some) for f in (Confusion.accuracy, Confusion.mean_iou, Confusion.calibration_error)]
        rows.append({"never seen": "mean of sources", "seen in": kind} | percents(*means) | {key: "–" for key in list(rows[0])[5:]})
    write(table(rows) + "\n")


def percents(accuracy, mean_iou, error):
    return {"pixels": f"{100 * accuracy:.1f} %", "mean IoU": f"{mean_iou:.3f}", "ECE": f"{error:.3f}"}


def row_of(confusion):
    """Pixel accuracy, mean IoU, calibration error, the share of pixels known to be no animal that are called one, how many are rightly called animal
    or none and the mean IoU of that, and each class's IoU."""
    iou = {name: "–" if not n else f"{x:.2f}" for name, x, n in zip(NAMES, confusion.iou(), confusion.table.sum(1))}
    numbers = percents(confusion.accuracy(), confusion.mean_iou(), confusion.calibration_error())
    either, either_iou = confusion.animal_or_not()
    return numbers | {"false animals": f"{100 * confusion.false_animals():.1f} %", "animal or not": f"{100 * either:.1f} %, {either_iou:.3f}"} | iou


def named(option, items, what):
    """Pairs of NAME=WHAT."""
    for item in items:
        name, _, path = item.partition("=")
        if not path:
            raise Failure(f"{option} {item}: write NAME={what}")
        yield name, path


@torch.no_grad()
def evaluate(options):
    torch.set_num_threads(options.threads)
    generators = {name: load_generator(path) for name, path in named("--generators", options.generators, "FILE")}
    others = {name: Path(path) for name, path in named("--results", options.results, "FOLDER")}
    segmenter = load_segmenter(options.segment) if options.segment else None
    unseen = {name: load_segmenter(path) for name, path in named("--left-out", options.left_out, "FILE")}
    if segmenter is None and ((options.labelled and not unseen) or any(net.condition for net in generators.values())):
        raise Failure("--segment is needed: it makes the priors and is measured on --labelled")
    if not options.bench + options.pictures + options.labelled + options.by_hand:
        raise Failure("nothing to measure on: give --bench, --pictures or --labelled")
    distances, parts = Distances(options.vgg, options.espnet, options.lpips), []

    def write(text):
        print(text, flush=True)
        parts.append(text)

    for folder in options.bench:
        there = {name: place / folder.name for name, place in others.items()}
        compare(folder.name, bench_pairs(folder), generators, segmenter, distances, write, there)
    for folder in options.pictures:
        compare(folder.name, held_out_pairs(folder, options), generators, segmenter, distances, write)
        if (distances.networks or distances.lpips) and any(net.condition for net in generators.values()):
            prior_helps(folder.name, held_out_pairs(folder, options), generators, segmenter, distances, write)
    if unseen:
        left_out(unseen, options, write)
    if options.labelled and segmenter:
        segmentation(options.labelled, segmenter, options, write)
    if options.out:
        files.replace(options.out, lambda temporary: Path(temporary).write_text("\n".join(parts)))

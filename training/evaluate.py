"""`python3 -m training evaluate`: what weights are worth, as Markdown tables. Every number is defined in metrics.py or
perceptual.py; the two perceptual distances are comparable only to themselves.
"""
import copy
import statistics
from pathlib import Path

import torch
from torch.nn import functional as F

from . import files
from .crops import one_class
from .espnet import ESPNet
from .failure import Failure
from .metrics import Confusion, grid, psnr, ssim
from .networks import Generator, Segmenter, fold
from .perceptual import VGG, VGG_LAYERS, distance, unit_distance
from .pictures import NAMES, list_labelled, list_pictures, read_labels, read_picture, split
from .resize import SCALE, degrade, enlarge, imresize, round8

LIMIT = 768  # longer side of what Segment looks at, as in the product


def arguments(commands):
    p = commands.add_parser("evaluate", help="measure weights; prints Markdown tables")
    p.add_argument("--generators", nargs="*", default=[], metavar="NAME=FILE", help="generators to compare")
    p.add_argument("--segment", type=Path, help="segmentation weights: makes the priors, and is measured on --labelled")
    p.add_argument("--vgg", type=Path, help="VGG-19 npz")
    p.add_argument("--espnet", type=Path, help="ESPNetv2 s=2.0 checkpoint")
    p.add_argument("--bench", type=Path, nargs="*", default=[], help="folders with NAME.png and NAME_lr.png")
    p.add_argument("--pictures", type=Path, nargs="*", default=[], help="folders of which the held-out pictures are used")
    p.add_argument("--labelled", type=Path, nargs="*", default=[], help="folders with images/ and labels/, held-out ones used")
    p.add_argument("--every", type=int, default=12, help="pictures: of every so many blocks the last is held out")
    p.add_argument("--block", type=int, default=6)
    p.add_argument("--labelled-every", type=int, default=10)
    p.add_argument("--count", type=int, default=1000, help="at most so many pictures of each folder, evenly spread")
    p.add_argument("--side", type=int, default=0, help="pictures: the middle of so many pixels a side; 0: all of it")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--out", type=Path, help="write the tables here as well")


def load_generator(path):
    """Architecture and sizes are read from names and shapes."""
    state, _ = files.read_weights(path)
    try:
        blocks = max(int(k.split(".")[1]) for k in state if k.endswith(".conv0.weight") and k.startswith("sft_branch"))
        sizes = dict(features=state["conv0.weight"].shape[0], blocks=blocks + 1, condition=0)
        if "CondNet.0.weight" in state:
            sizes |= dict(condition=state["CondNet.8.weight"].shape[0], width=state["CondNet.0.weight"].shape[0])
    except (KeyError, ValueError, IndexError):
        raise Failure(f"{path} is no generator in the layout of SFTGAN_noBN_OST_bg: name another") from None
    return files.load_into(Generator(**sizes), state, path).eval().requires_grad_(False)


def load_segmenter(path):
    state, _ = files.read_weights(path)
    if any(name.endswith("running_var") for name in state):
        return fold(files.load_into(Segmenter(norm=True), state, path))
    return files.load_into(Segmenter(), state, path).eval()


def predicted(segmenter, low):
    """Segment as a node does it: the enlarged picture at a bounded size, and the map enlarged again where it was bounded."""
    h, w = (SCALE * side for side in low.shape[2:])
    factor = min(1.0, LIMIT / max(h, w))
    seen = imresize(low, round(h * factor), round(w * factor)).clamp(0, 1)
    prior = segmenter(seen)
    return prior if prior.shape[2:] == (h, w) else F.interpolate(prior, (h, w), mode="bilinear", align_corners=False)


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
        yield picture(path), picture(low)


def spread(items, count):
    return [items[i * len(items) // count] for i in range(count)] if len(items) > count else items


def held_out_pairs(folder, options):
    for path in spread(split(list_pictures(folder), options.every, options.block)[1], options.count):
        high = picture(path)
        h, w = (min(side, options.side or side) // SCALE * SCALE for side in high.shape[2:])
        top, left = (high.shape[2] - h) // 2, (high.shape[3] - w) // 2
        high = high[:, :, top : top + h, left : left + w]
        yield high, round8(degrade(high))


def picture(path):
    return read_picture(path)[None].float() / 255


class Distances:
    def __init__(self, options):
        self.networks = {}
        if options.vgg:
            self.networks["VGG"] = VGG(options.vgg, VGG_LAYERS)
        if options.espnet:
            self.networks["ESPNet"] = ESPNet(options.espnet).eval()

    def of(self, found, wanted):
        numbers = {}
        for name, net in self.networks.items():
            a, b = net(found), net(wanted)
            numbers |= {name: distance(a, b).item(), f"{name} unit": unit_distance(a, b).item()}
        return numbers


def table(rows):
    """Dictionaries of one set of keys as Markdown."""
    if not rows:
        return ""
    text = lambda v: v if isinstance(v, str) else f"{v:.4f}" if abs(v) < 2 else f"{v:.2f}"
    lines = ["| " + " | ".join(rows[0]) + " |", "|" + "---|" * len(rows[0])]
    return "\n".join(lines + ["| " + " | ".join(text(v) for v in row.values()) + " |" for row in rows])


def mean(dictionaries):
    return {k: statistics.fmean(d[k] for d in dictionaries) for k in dictionaries[0]}


def measure(found, high, low, distances):
    found, high = (x[:, :, : min(found.shape[2], high.shape[2]), : min(found.shape[3], high.shape[3])] for x in (found, high))
    again = degrade(found) if found.shape[2:] == tuple(SCALE * side for side in low.shape[2:]) else None
    found = round8(found)
    numbers = {"PSNR": psnr(found, high), "SSIM": ssim(found, high)} | distances.of(found, high) | {"grid %": grid(found)}
    error = (again - low).square().mean().item() if again is not None else 0
    return numbers | {"LR dB": -10 * torch.tensor(error).log10().item() if error else float("nan")}


def compare(title, pairs, generators, segmenter, distances, write):
    """A table of the generators on a set of pictures."""
    results = {"original": [], "bicubic": []} | {name: [] for name in generators}
    for high, low in pairs:
        prior = predicted(segmenter, low) if segmenter else None
        results["bicubic"].append(measure(enlarge(low).clamp(0, 1), high, low, distances))
        results["original"].append({"grid %": grid(high)})
        for name, net in generators.items():
            results[name].append(measure(net(low, prior).clamp(0, 1), high, low, distances))
    original = mean(results.pop("original"))
    rows = [{title: name} | mean(values) for name, values in results.items()]
    write(table(rows) + f"\n\n{len(results['bicubic'])} pictures; the originals' grid is {original['grid %']:.2f} %.\n")


def prior_helps(title, pairs, generators, segmenter, distances, write):
    """Predicted prior against background everywhere, against that of the next picture, and with modulation off."""
    pairs = list(pairs)
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


def segmentation(folders, segmenter, options, write):
    """Pixel accuracy, mean IoU, and the share of pixels known to be no animal that are called one, on held-out labelled
    pictures seen through ×1/4 and back; in colour, grey and sepia."""
    kinds = {
        "colour": lambda x: x,
        "grey": lambda x: x.mean(1, keepdim=True).expand(-1, 3, -1, -1),
        "sepia": lambda x: 0.1 + 0.8 * x.mean(1, keepdim=True) * torch.tensor((1.0, 0.88, 0.68))[None, :, None, None],
    }
    rows, totals = [], {kind: Confusion() for kind in kinds}
    for folder in folders:
        held = spread(split(list_labelled(folder), options.labelled_every)[1], options.count)
        for kind, recolour in kinds.items():
            confusion = Confusion()
            for path, labels in held:
                high = picture(path)
                h, w = (side // SCALE * SCALE for side in high.shape[2:])
                truth = read_labels(labels, high.shape[2:])[:h, :w]
                low = round8(degrade(recolour(high[:, :, :h, :w])))
                found = predicted(segmenter, low)[0].argmax(0)
                confusion.add(found, truth)
                totals[kind].add(found, truth)
            rows.append({"pictures": f"{folder.name} ({len(held)})", "seen in": kind} | row_of(confusion))
    rows += [{"pictures": "all", "seen in": kind} | row_of(confusion) for kind, confusion in totals.items()]
    write(table(rows) + "\n")


def row_of(confusion):
    iou = {name: "–" if not n else f"{x:.2f}" for name, x, n in zip(NAMES, confusion.iou(), confusion.table.sum(1))}
    numbers = {"pixels": f"{100 * confusion.accuracy():.1f} %", "mean IoU": f"{confusion.mean_iou():.3f}"}
    return numbers | {"false animals": f"{100 * confusion.false_animals():.1f} %"} | iou


@torch.no_grad()
def evaluate(options):
    torch.set_num_threads(options.threads)
    generators = {}
    for item in options.generators:
        name, _, path = item.partition("=")
        if not path:
            raise Failure(f"--generators {item}: write NAME=FILE")
        generators[name] = load_generator(path)
    segmenter = load_segmenter(options.segment) if options.segment else None
    if segmenter is None and (options.labelled or any(net.condition for net in generators.values())):
        raise Failure("--segment is needed: it makes the priors and is measured on --labelled")
    if not options.bench + options.pictures + options.labelled:
        raise Failure("nothing to measure on: give --bench, --pictures or --labelled")
    distances, parts = Distances(options), []

    def write(text):
        print(text, flush=True)
        parts.append(text)

    for folder in options.bench:
        compare(folder.name, bench_pairs(folder), generators, segmenter, distances, write)
    for folder in options.pictures:
        compare(folder.name, held_out_pairs(folder, options), generators, segmenter, distances, write)
        if distances.networks and any(net.condition for net in generators.values()):
            prior_helps(folder.name, held_out_pairs(folder, options), generators, segmenter, distances, write)
    if options.labelled:
        segmentation(options.labelled, segmenter, options, write)
    if options.out:
        files.replace(options.out, lambda temporary: Path(temporary).write_text("\n".join(parts)))

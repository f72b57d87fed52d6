"""What a run's weights are worth: a table on held-out pictures, a sheet to look at, and a sheet of the priors."""
import statistics

import torch
from PIL import Image, ImageDraw
from torch.nn import functional as F

from . import files
from .crops import decode
from .degradation import MEASURED, degraded
from .depth import depth_prior
from .measure import Distances, mean, measure, table
from .pictures import NAMES
from .priors import SAID, one_class, predicted, prior_say
from .resize import SCALE, degrade, enlarge, round8

ROWS, CROP, ZOOM = 10, 96, 3
# What a generator is to reach, of its row, psnr's row, and the share of pictures on which the predicted prior helps.
GOALS = {
    "mesh <= 0.04": lambda new, psnr, helped: (new["mesh"], new["mesh"] <= 0.04),
    "LPIPS at most half of psnr's": lambda new, psnr, helped: (new["LPIPS"] / psnr["LPIPS"], new["LPIPS"] <= 0.5 * psnr["LPIPS"]),
    "PSNR at most 3 dB below psnr's": lambda new, psnr, helped: (psnr["PSNR"] - new["PSNR"], psnr["PSNR"] - new["PSNR"] <= 3),
    "LR >= 40 dB": lambda new, psnr, helped: (new["LR dB"], new["LR dB"] >= 40),
    "say >= 0.01": lambda new, psnr, helped: (new["say"], new["say"] >= 0.01),
    "predicted prior better on >= 80 %": lambda new, psnr, helped: (helped, helped >= 80),
}


def middle(picture, side):
    h, w = (min(s, side) // SCALE * SCALE for s in picture.shape[2:])
    top, left = (picture.shape[2] - h) // 2, (picture.shape[3] - w) // 2
    return picture[:, :, top : top + h, left : left + w].contiguous()


class Report:
    """`held`: name -> bytes of a picture. `networks`: vgg19 and lpips (npz as bytes, or None). `harmed`: the low resolutions are degraded."""

    @torch.no_grad()
    def __init__(self, held, segmenter, networks, device, depth, side, harmed=False):
        self.device, self.depth, self.harmed, self.rows, self.helps = device, depth, harmed, {}, {}
        self.distances, self.pictures = Distances(networks["vgg19"], None, networks["lpips"], device), []
        for name in sorted(held):
            high = middle(decode(name, held[name]), side).to(device)
            low = round8(degrade(high))
            low = (degraded(low.cpu(), name, MEASURED) if harmed else low).to(device)
            prior = predicted(segmenter, low)
            self.pictures.append((high, low, {False: prior, True: depth_prior(prior)}))

    def prior(self, name, priors):
        """The one a generator of that name reads."""
        return priors[name.startswith("depth")]

    @torch.no_grad()
    def add(self, name, net):
        """Measures a generator, or with None the bicubic enlargement."""
        net, rows, helps = net.to(self.device) if net else None, [], []
        for i, (high, low, priors) in enumerate(self.pictures):
            prior = self.prior(name, priors)
            found = (net(low, prior) if net else enlarge(low)).clamp(0, 1)
            numbers = measure(found, high, low, self.distances) | {"say": float("nan")}
            if net and net.condition:
                numbers["say"] = prior_say(net, low, (0, 1) if name.startswith("depth") else SAID)
                other = self.prior(name, self.pictures[(i + 1 + len(self.pictures) // 2) % len(self.pictures)][2])
                other = F.interpolate(other, prior.shape[2:], mode="bilinear", align_corners=False)
                swapped = net(low, other)
                away = self.distances.of(round8(swapped.clamp(0, 1)), high)
                helps.append({k: 1 - numbers[k] / v for k, v in away.items()} | {"change": (swapped - found).abs().mean().item()})
            rows.append(numbers)
        if rows:
            self.rows[name], self.helps[name] = mean(rows), helps

    def text(self):
        out = [table([{f"{len(self.pictures)} held-out pictures": name} | row for name, row in self.rows.items()]), ""]
        for name, helps in self.helps.items():
            for metric in [k for k in helps[0] if k != "change"] if helps else ():
                gains = [h[metric] for h in helps]
                better = 100 * sum(g > 0 for g in gains) / len(gains)
                change = statistics.fmean(h["change"] for h in helps)
                out.append(f"{name}: predicted prior against another picture's, {metric}: better on {better:.0f} %, "
                           f"median gain {100 * statistics.median(gains):.2f} %; change {change:.4f}")  # fmt: skip
        psnr, name = self.rows.get("psnr"), next((n for n in self.rows if n.endswith(" new")), None)
        if psnr and name:
            helped = 100 * statistics.fmean(h.get("VGG unit", 0) > 0 for h in self.helps[name]) if self.helps[name] else float("nan")
            out.append("")
            for goal, reached in GOALS.items():
                if "LPIPS" in goal and "LPIPS" not in psnr or "LR" in goal and self.harmed:
                    continue
                value, ok = reached(self.rows[name], psnr, helped)
                out.append(f"- {'reached' if ok else 'NOT REACHED'}: {goal} ({value:.3f})")
        return "\n".join(out) + "\n"

    # --- sheets ---

    def some(self, count):
        """Pictures to look at: of the livelier three quarters, evenly spread."""
        detail = lambda item: (item[0] - enlarge(item[1])).abs().mean().item()
        order = sorted(self.pictures, key=detail, reverse=True)
        order = order[: max(count, len(order) * 3 // 4)]
        return [order[i * len(order) // count] for i in range(count)] if len(order) > count else order

    @torch.no_grad()
    def draw(self, path, count, titles, pictures_of, zoom):
        """`pictures_of(low, priors, high)`: a row's pictures, of which the crop with most detail is drawn."""
        rows = []
        for high, low, priors in self.some(count):
            top, left, side = busiest(high, low)
            rows.append([x[:, :, top : top + side, left : left + side] for x in pictures_of(low, priors, high)])
        draw(path, rows, titles, zoom)

    def sheet(self, path, nets):
        """Rows of bicubic, each of the generators, by name, and the original."""
        nets = {name: net.to(self.device) for name, net in nets.items()}
        row = lambda low, priors, high: [enlarge(low), *(net(low, self.prior(name, priors)) for name, net in nets.items()), high]
        self.draw(path, ROWS, ["bicubic", *nets, "original"], row, ZOOM)

    def priors(self, path, net):
        """Rows of the picture under the predicted prior, under one class everywhere, and the original."""
        net, channels = net.to(self.device), (0, 1) if self.depth else range(len(NAMES))
        one = lambda low, high: [net(low, one_class(c, *high.shape[2:], self.device)) for c in channels]
        row = lambda low, priors, high: [net(low, priors[self.depth]), *one(low, high), high]
        self.draw(path, 6, ["predicted", *(("near", "far") if self.depth else NAMES), "original"], row, 2)


def busiest(high, low):
    """Top, left and side of the crop with most detail."""
    detail = (high - enlarge(low)).abs().mean(1, keepdim=True)
    side = min(CROP, *high.shape[2:])
    worth = F.avg_pool2d(detail, side, 8)[0, 0]
    at = worth.argmax().item()
    return at // worth.shape[1] * 8, at % worth.shape[1] * 8, side


def draw(path, rows, titles, zoom):
    """Crops side by side, each pixel `zoom` wide, under titles."""
    cell, strip = CROP * zoom, 14
    sheet = Image.new("RGB", (cell * len(titles), strip + cell * len(rows)), "white")
    pen = ImageDraw.Draw(sheet)
    for j, title in enumerate(titles):
        pen.text((j * cell + 4, 1), title, fill="black")
        for i, row in enumerate(rows):
            picture = (row[j][0].clamp(0, 1) * 255).round().byte().permute(1, 2, 0).cpu().numpy()
            crop = Image.fromarray(picture)
            sheet.paste(crop.resize((crop.width * zoom, crop.height * zoom), Image.NEAREST), (j * cell, strip + i * cell))
    files.replace(path, lambda temporary: sheet.save(temporary, "PNG", optimize=True))

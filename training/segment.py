"""Stage `segment`: the eight-class network, on pictures as the product shows them to it: mostly ×1/4 and back."""
import numpy as np
import torch
from torch.nn import functional as F

from . import files
from .augment import flip, recoloured
from .metrics import ANIMAL, Confusion
from .muon import optimisers
from .networks import CLASSES, Segmenter, fold
from .pictures import NAMES, NOT_ANIMAL, UNKNOWN, list_labelled, list_whole, read_labels, read_picture, split
from .resize import SCALE, degrade, enlarge, imresize, round8


def through_low_resolution(picture):
    """×1/4, rounded to 8 bits, and back: what Segment sees of a picture that was degraded. `[n, 3, h, w]`, sides by four."""
    return enlarge(round8(degrade(picture))).clamp(0, 1)


def crop_to_four(picture, labels):
    h, w = (side // SCALE * SCALE for side in picture.shape[-2:])
    return picture[..., :h, :w], labels[..., :h, :w]


def loss_of(logits, labels, weights, not_animal):
    """Cross-entropy with class weights where the class is known; where only "no animal" is, -log(1 - p(animal))."""
    known = labels < CLASSES
    target = torch.where(known, labels, torch.full_like(labels, -100))
    loss = F.cross_entropy(logits, target, weights) if known.any() else logits.sum() * 0
    negative = labels == NOT_ANIMAL
    if negative.any():
        others = torch.logsumexp(logits[:, [c for c in range(CLASSES) if c != ANIMAL]], 1)
        loss = loss + not_animal * (torch.logsumexp(logits, 1) - others)[negative].mean() * negative.float().mean()
    return loss


class Segment:
    def __init__(self, config, options):
        self.config, self.device = config, options.device
        self.train, self.held_out = [], []
        for folder in options.labelled:
            learn, measure = split(list_labelled(folder), config["held_out_every"])
            self.train.append(learn)
            self.held_out += measure
        names = [folder.name for folder in options.labelled]
        if options.whole:
            self.train.append(list_whole(*options.whole))
            names.append("whole")
        self.net = Segmenter(norm=True, path=options.espnet)
        if options.start:
            files.load_into(self.net, files.read_weights(options.start)[0], options.start)
        self.net.to(self.device)
        self.optimisers, self.cache = optimisers(self.net, config["rate"], self.factor), {}
        self.parts = {"net": self.net, **self.optimisers}
        self.weights = torch.tensor(config["rare"], device=self.device)
        # Small folders are drawn from more often than their share, large ones less.
        share = np.sqrt([len(items) for items in self.train]) * [config["draw"].get(name, 1) for name in names]
        self.share = share / share.sum()
        self.with_rare = [self.rare_of(items) for items in self.train]

    def factor(self, name):
        """On the rate of a parameter: little is changed of the pretrained encoder."""
        return self.config["encoder_rate"] if name.startswith("encoder") else 1

    def read(self, pair):
        if pair not in self.cache:
            picture = read_picture(pair[0])
            self.cache[pair] = picture, read_labels(pair[1], picture.shape[1:])
        return self.cache[pair]

    def rare_of(self, items):
        """For each rare class, the pictures that show it."""
        shows = {c: [] for c in range(CLASSES) if self.config["rare"][c] > 1}
        for pair in items:
            counts = np.bincount(self.read(pair)[1].numpy().ravel(), minlength=256)
            for c in shows:
                if counts[c] > 0.03 * counts.sum():
                    shows[c].append(pair)
        return {c: pairs for c, pairs in shows.items() if pairs}

    def sample(self, random):
        config, size = self.config, self.config["crop"]
        folder = random.choice(len(self.train), p=self.share)
        items, rare = self.train[folder], self.with_rare[folder]
        if rare and random.random() < 0.5:
            items = rare[sorted(rare)[random.integers(len(rare))]]
        picture, labels = self.read(items[random.integers(len(items))])
        # Cut out first, then enlarged or shrunk to the crop's size: as good as the other way round, and several times cheaper.
        scale = np.exp(random.uniform(*np.log(config["scale"])))
        cut = [min(side, round(size / scale)) for side in labels.shape]
        top, left = (random.integers(side - c + 1) for side, c in zip(labels.shape, cut))
        window = (slice(top, top + cut[0]), slice(left, left + cut[1]))
        h, w = (min(size, int(round(c * scale / SCALE)) * SCALE) for c in cut)
        picture = imresize(picture[(slice(None), *window)][None].float() / 255, h, w)[0].clamp(0, 1)
        labels = F.interpolate(labels[window][None, None].float(), (h, w), mode="nearest")[0, 0].long()
        picture = recoloured(picture, random, config)
        if random.random() < config["degraded"]:
            picture = through_low_resolution(picture[None])[0]
        picture = F.pad(picture[None], (0, size - w, 0, size - h), "replicate")[0]
        labels = F.pad(labels, (0, size - w, 0, size - h), value=UNKNOWN)
        return flip(random, picture, labels)

    def step(self, number, random):
        pictures, labels = (torch.stack(x).to(self.device) for x in zip(*(self.sample(random) for _ in range(self.config["batch"]))))
        self.net.train()
        with torch.autocast(self.device, torch.bfloat16, enabled=self.config["bf16"]):
            logits = self.net.logits(pictures).float()
        loss = loss_of(logits, labels, self.weights, self.config["not_animal"])
        self.net.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        for optimiser in self.optimisers.values():
            optimiser.step()
        return {"loss": loss.item(), "gradient": float(norm)}

    @torch.no_grad()
    def probe(self):
        """Pixel accuracy and mean IoU on held-out pictures, in their colours and as grey ones."""
        net, numbers = fold(self.average), {}
        for kind in ("colour", "grey"):
            table = Confusion()
            for pair in self.held_out[:: 1 if kind == "colour" else 3]:
                picture, labels = crop_to_four(*self.read(pair))
                picture = through_low_resolution(picture[None].float() / 255)
                if kind == "grey":
                    picture = picture.mean(1, keepdim=True).expand(-1, 3, -1, -1)
                table.add(net(picture.to(self.device))[0].argmax(0).cpu(), labels)
            numbers |= {f"accuracy {kind}": table.accuracy(), f"mIoU {kind}": table.mean_iou(), f"false animals {kind}": table.false_animals()}
        return numbers

    @torch.no_grad()
    def grid(self):
        """Rows of held-out pictures: what the network sees, what it says, what a person said."""
        net, rows = fold(self.average), []
        for pair in self.held_out[:: max(1, len(self.held_out) // 6)][:6]:
            picture, labels = crop_to_four(*self.read(pair))
            seen = through_low_resolution(picture[None].float() / 255)
            found = colours(net(seen.to(self.device))[0].argmax(0).cpu())
            rows.append(F.interpolate(torch.stack((seen[0], found, colours(labels))), (192, 256)).permute(1, 2, 0, 3).reshape(3, 192, -1))
        return torch.cat(rows, 1)

    def export(self):
        return fold(self.average).state_dict(), {"architecture": "segmenter", "classes": ",".join(NAMES)}


PALETTE = ((153, 153, 153), (0, 255, 255), (109, 158, 235), (183, 225, 205), (153, 0, 255), (17, 85, 204), (106, 168, 79), (224, 102, 102))


def colours(labels):
    """Classes `[h, w]` as the official colours `[3, h, w]`, black where unknown."""
    table = torch.zeros(256, 3)
    table[:CLASSES] = torch.tensor(PALETTE) / 255
    return table[labels.long()].permute(2, 0, 1)

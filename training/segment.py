"""Stage `segment`: the eight-class network, on pictures as the product shows them to it: mostly ×1/4 and back.

The first blocks of the pretrained encoder stay as they are, so crops are kept as what these make of them (cached.py) and looked at again:
its features at 1/4, 1/8 and 1/16, of which as many are computed anew as `frozen` says.
"""
import zlib

import numpy as np
import torch
from torch.nn import functional as F

from . import files
from .augment import as_seen, flip, recoloured
from .cached import Cache
from .failure import Failure
from .lite0 import STRIDE, TAPS, Segmenter, fold
from .load import load_segmenter
from .metrics import ANIMAL, Confusion
from .networks import CLASSES
from .pictures import MENDED, NAMES, NOT_ANIMAL, UNKNOWN, by_source, collection, read_labels, read_picture, split
from .resize import SCALE, degrade, enlarge, imresize, round8

PROBED = 90  # pictures
ORDER = torch.channels_last  # of the numbers in memory: half the time of a step on a CPU
KEPT = {"quarter": 4, "eighth": 8, "sixteenth": 16}  # features of a crop, and how much smaller than it they are


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
        if config["crop"] % STRIDE:
            raise Failure(f"crop is {config['crop']}, which is no multiple of {STRIDE}: round it")
        if config["frozen"] not in KEPT:
            raise Failure(f"frozen is {config['frozen']!r}: write one of {', '.join(KEPT)}")
        self.kept = list(KEPT).index(config["frozen"]) + 1
        sources = by_source(options)
        every = config["held_out_every"]
        self.names, self.train, self.held_out = list(sources), [], []
        for name, items in sources.items():
            learn, measure = split(items, every)
            self.train.append(learn)
            self.held_out += [pair for pair in measure if not isinstance(pair[1], int)]
        if options.leave_out:
            known = list(dict.fromkeys(map(collection, sources)))
            if options.leave_out not in known:
                raise Failure(f"--leave-out {options.leave_out}: there is no such source, there are {', '.join(known)}")
            left = [items for name, items in sources.items() if collection(name) == options.leave_out]
            self.held_out = [pair for items in left for pair in items if not isinstance(pair[1], int)]
        self.net = Segmenter(norm=True, path=options.encoder)
        if options.start:
            files.load_into(self.net, files.read_weights(options.start)[0], options.start)
        self.net.to(self.device, memory_format=ORDER)
        self.teachers = [load_segmenter(path).to(self.device, memory_format=ORDER) for path in options.teachers]
        self.optimiser, self.read_before = self.make_optimiser(), {}
        self.parts = {"net": self.net, "adam": self.optimiser}
        # Ten times as slow where a CPU has no instructions for it.
        self.bf16 = config["bf16"] and (self.device != "cpu" or torch.ops.mkldnn._is_mkldnn_bf16_supported())
        self.weights = torch.tensor(config["rare"], device=self.device)
        self.with_rare = [self.rare_of(items) for items in self.train]
        # Small sources have more crops than their share, large ones less.
        share = np.sqrt([len(items) for items in self.train]) * [config["draw"].get(name, 1) for name in self.names]
        counts = np.ceil(config["crops"] * share).astype(int)
        self.caches = [self.make_cache(options, *of) for of in zip(range(len(counts)), counts)]
        crops = np.concatenate([np.stack((np.full(n, i), np.arange(n)), 1) for i, n in enumerate(counts)])  # of which source, and which of its
        self.usable = crops[[collection(self.names[source]) != options.leave_out for source in crops[:, 0]]]
        if len(self.usable) < config["batch"]:
            raise Failure(f"{len(self.usable)} of {counts.sum()} crops are of sources to learn from, and batch is {config['batch']}: raise crops")

    def make_optimiser(self):
        groups = {}
        for name, p in self.net.named_parameters():
            groups.setdefault(self.config["encoder_rate"] if name.startswith("encoder") else 1, []).append(p)
        rate = self.config["rate"]
        groups = [{"params": ps, "base": rate * factor} for factor, ps in groups.items()]
        return torch.optim.AdamW(groups, rate, weight_decay=self.config["decay"])

    def make_cache(self, options, source, count):
        """Crops of a source, a folder for each: those of the others stay when one changes. What they depend on is the pretrained encoder, the
        source's pictures, and the config but for how they are learned from."""
        size, name = self.config["crop"], self.names[source]
        shapes = {kind: ((width, size // shrunk, size // shrunk), "float16") for (kind, shrunk), width in zip(KEPT.items(), self.net.encoder.widths)}
        shapes["labels"] = ((size // 2, size // 2), "uint8")
        learning = ("steps", "batch", "rate", "encoder_rate", "decay", "schedule", "warm_up", "average", "not_animal", "draw", "crops", "taught")
        learning += ("log_every", "probe_every", "checkpoint_minutes", "bf16", "temperature", "frozen")
        key = [{k: v for k, v in self.config.items() if k not in learning}, str(options.encoder), len(self.train[source]), name]
        key.append(MENDED.read_text())
        folder = (options.cache or options.run / "crops") / name
        return Cache(folder, int(count), shapes, key, lambda i: self.crop(source, i))

    def random(self, source, i):
        return np.random.default_rng((self.config["seed"], zlib.crc32(self.names[source].encode()), i))

    def read(self, pair):
        if pair not in self.read_before:
            picture = read_picture(pair[0])
            self.read_before[pair] = picture, read_labels(pair[1], picture.shape[1:])
        return self.read_before[pair]

    def rare_of(self, items):
        """For each rare class, the pictures that show it."""
        shows = {c: [] for c in range(CLASSES) if self.config["rare"][c] > 1}
        for pair in items:
            if isinstance(pair[1], int):
                continue
            counts = np.bincount(read_labels(pair[1], None).numpy().ravel(), minlength=256)
            for c in shows:
                if counts[c] > 0.03 * counts.sum():
                    shows[c].append(pair)
        return {c: pairs for c, pairs in shows.items() if pairs}

    @torch.no_grad()
    def crop(self, source, i):
        """Crop number `i` of a source as the features of the encoder's first blocks, and its labels at half the size."""
        config, size, random = self.config, self.config["crop"], self.random(source, i)
        torch.manual_seed(int(random.integers(2**62)))
        items, rare = self.train[source], self.with_rare[source]
        if rare and random.random() < 0.5:
            items = rare[sorted(rare)[random.integers(len(rare))]]
        picture, labels = self.read(items[random.integers(len(items))])
        # Cut out first, then enlarged or shrunk to the crop's size: as good as the other way round, and several times cheaper.
        scale = np.exp(random.uniform(*np.log(config["scale"]))) * min(1, config["longest"] / max(labels.shape))
        cut = [min(side, round(size / scale)) for side in labels.shape]
        top, left = (random.integers(side - c + 1) for side, c in zip(labels.shape, cut))
        window = (slice(top, top + cut[0]), slice(left, left + cut[1]))
        h, w = (min(size, max(1, int(round(c * scale / SCALE))) * SCALE) for c in cut)
        picture = imresize(picture[(slice(None), *window)][None].float() / 255, h, w)[0].clamp(0, 1)
        labels = F.interpolate(labels[window][None, None].float(), (h, w), mode="nearest")[0, 0]
        picture = as_seen(recoloured(picture, random, config), random, config)
        picture = F.pad(picture[None], (0, size - w, 0, size - h), "replicate")[0]
        labels = F.pad(labels, (0, size - w, 0, size - h), value=UNKNOWN)
        picture, labels = flip(random, picture, labels)
        training, _ = self.net.training, self.net.encoder.eval()
        features = {name: x[0].cpu().numpy() for name, x in zip(KEPT, self.net.encoder(picture[None].to(self.device)))}
        self.net.train(training)
        return features | {"labels": labels[1::2, 1::2].byte().numpy()}

    def step(self, number, random):
        drawn = self.usable[np.sort(random.choice(len(self.usable), self.config["batch"], replace=False))]
        parts = [self.caches[source].get(drawn[drawn[:, 0] == source, 1]) for source in np.unique(drawn[:, 0])]
        found = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        features = [torch.from_numpy(found[name]).to(self.device, torch.float32, memory_format=ORDER) for name in KEPT][: self.kept]
        labels = torch.from_numpy(found["labels"]).to(self.device).long()
        self.net.train()
        with torch.autocast(self.device, torch.bfloat16, enabled=self.bf16):
            logits = self.after(self.net, features)
        loss = loss_of(F.interpolate(logits.float(), scale_factor=2, mode="bilinear", align_corners=False), labels, self.weights, self.config["not_animal"])
        if self.teachers:
            taught = self.config["taught"]
            loss = (1 - taught) * loss + taught * self.unlike_teachers(logits.float(), features)
        self.net.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        self.optimiser.step()
        return {"loss": loss.item(), "gradient": float(norm)}

    def after(self, net, features):
        """The logits at 1/4 of what is kept of crops."""
        return net.decoded(*features, *net.encoder.after(TAPS[self.kept - 1], features[-1]))

    def unlike_teachers(self, logits, features):
        """Cross-entropy with the mean of what the teachers say of the same crops (Hinton et al., 2015), on all pixels, labelled or not."""
        with torch.no_grad():
            said = sum(torch.softmax(self.after(teacher, features), 1) for teacher in self.teachers) / len(self.teachers)
        return -(said * torch.log_softmax(logits, 1)).sum(1).mean()

    def folded(self):
        return fold(self.average, Segmenter().to(self.device))

    @torch.no_grad()
    def probe(self):
        """Pixel accuracy, mean IoU and calibration on held-out pictures, in their colours and as grey ones."""
        net, numbers = self.folded(), {}
        some = self.held_out[:: -(-len(self.held_out) // PROBED)] if self.held_out else []
        for kind in ("colour", "grey"):
            table = Confusion()
            for pair in some[:: 1 if kind == "colour" else 3]:
                picture, labels = crop_to_four(*self.read(pair))
                picture = through_low_resolution(picture[None].float() / 255)
                if kind == "grey":
                    picture = picture.mean(1, keepdim=True).expand(-1, 3, -1, -1)
                table.see(net(picture.to(self.device))[0], labels)
            numbers |= {f"accuracy {kind}": table.accuracy(), f"mIoU {kind}": table.mean_iou(), f"false animals {kind}": table.false_animals()}
            numbers[f"ECE {kind}"] = table.calibration_error()
        return numbers

    @torch.no_grad()
    def grid(self):
        """Rows of held-out pictures: what the network sees, what it says, what a person said."""
        net, rows = self.folded(), []
        for pair in self.held_out[:: max(1, len(self.held_out) // 6)][:6]:
            picture, labels = crop_to_four(*self.read(pair))
            seen = through_low_resolution(picture[None].float() / 255)
            found = colours(net(seen.to(self.device))[0].argmax(0).cpu())
            rows.append(F.interpolate(torch.stack((seen[0], found, colours(labels))), (192, 256)).permute(1, 2, 0, 3).reshape(3, 192, -1))
        return torch.cat(rows, 1)

    def export(self):
        """The averaged weights. Probabilities are softened or sharpened by the config's temperature, which the last layer takes in."""
        state = self.folded().state_dict()
        state |= {name: state[name] / self.config["temperature"] for name in ("out.weight", "out.bias")}
        return state, {"architecture": "segmenter", "classes": ",".join(NAMES)}


PALETTE = ((153, 153, 153), (0, 255, 255), (109, 158, 235), (183, 225, 205), (153, 0, 255), (17, 85, 204), (106, 168, 79), (224, 102, 102))


def colours(labels):
    """Classes `[h, w]` as the official colours `[3, h, w]`, black where unknown."""
    table = torch.zeros(256, 3)
    table[:CLASSES] = torch.tensor(PALETTE) / 255
    return table[labels.long()].permute(2, 0, 1)

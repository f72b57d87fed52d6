"""Stages `srresnet`, `psnr`, `sftgan`, `depth`, `twin` and `lite`: generators, told apart by their config."""
import itertools

import torch
from torch import nn
from torch.nn import functional as F

from . import files
from .antigrid import antigrid
from .calm import calm
from .crops import Crops, needs_prior, one_class
from .discriminator import Discriminator
from .failure import Failure
from .metrics import grid as grid_of
from .metrics import psnr
from .muon import optimisers
from .networks import Generator, initialise_condition, is_condition
from .perceptual import VGG, distance
from .pictures import NAMES
from .resize import SCALE, degrade, enlarge
from .texture import ClassTexture

SAID = (2, 4, 5, 6)  # water, mountain, building and plant: what the prior's say is measured between
NEAR, FAR = 0.35, 0.65  # mean depth below and above which a crop is an example of near and of far
SIZES = ("features", "blocks", "condition", "width")


def start_from(net, path, config):
    """Weights of a file; condition net and SFT layers fresh where the file has none, its own are dead, or the config says so."""
    if path is None:
        initialise_convolutions(net, config["seed"])
        state = {}
    else:
        state = files.read_weights(path)[0]
    if not net.condition:
        state = {k: v for k, v in state.items() if not is_condition(k)}
    fresh = config["fresh_condition"] or not any(map(is_condition, state))
    if fresh and net.condition:
        initialise_condition(net, config["seed"])
        state = {k: v for k, v in state.items() if not is_condition(k)}
    if state:
        files.load_into(net, {**net.state_dict(), **state}, path)


def initialise_convolutions(net, seed):
    """Kaiming fan-in ×0.1, as the authors'; fresh condition paths are set apart (initialise_condition)."""
    generator = torch.Generator().manual_seed(seed)
    for name, p in net.named_parameters():
        if is_condition(name):
            continue
        p.data = torch.randn(p.shape, generator=generator) * 0.1 * (2 / p[0].numel()) ** 0.5 if p.dim() > 1 else torch.zeros_like(p)


class GeneratorStage:
    def __init__(self, config, options):
        self.config, self.device = config, options.device
        needed = {"segment": needs_prior(config), "vgg": config["perceptual"] or config["texture"]}
        for option in needed:
            if needed[option] and getattr(options, option) is None:
                raise Failure(f"stage {config['stage']} needs --{option}: see training/README.md")
        if not options.pictures + options.labelled:
            raise Failure(f"stage {config['stage']} needs pictures: give folders with --pictures or --labelled")
        self.crops = Crops(config, options, self.device)
        self.net = Generator(**{name: config[name] for name in SIZES})
        start_from(self.net, options.start, config)
        self.placed(self.net)
        self.optimisers = optimisers(self.net, config["rate"], lambda name: config["condition_rate"] if is_condition(name) else 1)
        self.parts = {"net": self.net, **self.optimisers}
        self.vgg = self.placed(VGG(options.vgg, config["layers"])) if config["perceptual"] else None
        if config["adversarial"]:
            self.discriminator = self.placed(Discriminator(config["discriminator_width"]))
            self.opponent = torch.optim.Adam(self.discriminator.parameters(), config["discriminator_rate"], (0.9, 0.999))
            self.opponent.param_groups[0]["base"] = config["discriminator_rate"]
            self.parts |= {"discriminator": self.discriminator, "opponent": self.opponent}
        self.texture = ClassTexture(options.vgg, self.device) if config["texture"] else None
        if self.texture:
            self.parts["texture"] = self.texture
        self.teacher = None
        if config.get("distil"):
            if options.teacher is None:
                raise Failure("stage lite needs --teacher: the generator it learns from")
            self.teacher = Generator().eval().requires_grad_(False)
            files.load_into(self.teacher, files.read_weights(options.teacher)[0], options.teacher)
            self.placed(self.teacher)

    def placed(self, net):
        """On the device, channels last in memory: two thirds of the time on a CPU."""
        return net.to(self.device, memory_format=torch.channels_last)

    def bf16(self):
        return torch.autocast(self.device, torch.bfloat16, enabled=self.config["bf16"])

    def generate(self, low, prior):
        with self.bf16():
            return self.net(low, prior).float()

    def step(self, number, random):
        config = self.config
        high, low, prior, label = self.crops.batch(random)
        only_condition = number < config["condition_first"]
        if self.teacher:
            prior = some_of_one_class(prior, random)
        found = self.generate(low, prior)
        wanted = self.teacher(low, prior) if self.teacher else high
        numbers = {"pixel": F.l1_loss(found, wanted)}
        loss = config["pixel"] * numbers["pixel"]
        if config["calm"]:
            numbers["calm"] = calm(found, wanted)
            loss = loss + config["calm"] * numbers["calm"]
        if config["consistency"]:
            numbers["consistency"] = F.l1_loss(degrade(found), degrade(high))
            loss = loss + config["consistency"] * numbers["consistency"]
        if self.vgg:
            # The same random offset for both: else the grid of VGG's pooling and that of pixel shuffle always fall together,
            # and the generator learns a pattern with a period of four pixels.
            dy, dx = random.integers(0, SCALE, 2)
            with torch.no_grad():
                target = self.vgg(high[:, :, dy:, dx:], config["average_pool"])
            numbers["perceptual"] = distance(self.vgg(found[:, :, dy:, dx:], config["average_pool"]), target)
            loss = loss + config["perceptual"] * numbers["perceptual"]
        if config["antigrid"]:
            numbers["antigrid"] = antigrid(found, high)
            loss = loss + config["antigrid"] * numbers["antigrid"]
        if config["adversarial"] and number >= config["adversary_after"]:
            for p in self.discriminator.parameters():
                p.requires_grad_(False)
            real, category = self.judge(found)
            numbers["adversarial"] = F.binary_cross_entropy_with_logits(real, torch.ones_like(real))
            numbers["category"] = cross_entropy(category, label)
            loss = loss + config["adversarial"] * numbers["adversarial"] + config["category"] * numbers["category"]
        if self.texture:
            shown = shown_by(prior, label, config)
            self.texture.learn(high, low, shown)
            numbers |= self.swap(high, low, shown, random)
            for name, weight in (("texture", "texture"), ("kept", "consistency"), ("even", "antigrid")):
                loss = loss + config[weight] * numbers.get(name, 0)
        self.net.zero_grad()
        loss.backward()
        if only_condition:
            for name, p in self.net.named_parameters():
                if not is_condition(name):
                    p.grad = None
        nn.utils.clip_grad_norm_(self.net.parameters(), config["clip"])
        for optimiser in self.optimisers.values():
            optimiser.step()
        if config["adversarial"]:
            numbers |= self.oppose(high, found.detach(), label)
        return {name: float(value) for name, value in numbers.items()}

    def swap(self, high, low, label, random):
        """Half the crops under the prior of another class: the texture of that class, their own low resolution kept, no grid.
        The half with the most contrast: on a flat ground the generator, which is given no noise, could only draw a grid."""
        order = low.std((1, 2, 3)).argsort(descending=True)[: (len(low) + 1) // 2]
        high, low, label = high[order], low[order], label[order]
        wanted = self.texture.choose(label, random)
        if wanted is None:
            return {}
        h, w = (SCALE * side for side in low.shape[2:])
        first = 1 if self.config.get("prior") == "depth" else 0  # labels of depth begin with near, which is channel 0
        found = self.generate(low, torch.cat([one_class(c - first, h, w, self.device) for c in wanted]))
        texture = self.texture.distance(found, low, wanted)
        return {"texture": texture, "kept": F.l1_loss(degrade(found), low), "even": antigrid(found, high)}

    def judge(self, picture):
        with self.bf16():
            real, category = self.discriminator(picture)
        return real.float(), category.float()

    def oppose(self, high, found, label):
        """One step of the discriminator."""
        for p in self.discriminator.parameters():
            p.requires_grad_(True)
        self.discriminator.train()
        real, real_class = self.judge(high)
        fake, fake_class = self.judge(found)
        loss = F.binary_cross_entropy_with_logits(real, torch.ones_like(real))
        loss = loss + F.binary_cross_entropy_with_logits(fake, torch.zeros_like(fake))
        loss = loss + cross_entropy(real_class, label) + cross_entropy(fake_class, label)
        self.opponent.zero_grad()
        loss.backward()
        self.opponent.step()
        return {"discriminator": loss.detach(), "real": real.mean().detach(), "fake": fake.mean().detach()}

    @torch.no_grad()
    def probe(self):
        """On held-out pictures: PSNR, VGG distance, the regular grid, and how much the prior has a say."""
        net, totals, count = self.average.eval(), {}, 0
        for path in self.sample_paths(self.config["probe_pictures"]):
            high, low, prior = self.crops.whole(path, self.config["probe_side"])
            found = net(low, prior).clamp(0, 1)
            numbers = {"dB": psnr(found, high), "grid": grid_of(found), "grid of the original": grid_of(high)}
            if self.vgg:
                numbers["VGG"] = distance(self.vgg(found), self.vgg(high)).item()
            if net.condition:
                numbers["prior's say"] = prior_say(net, low, (0, 1) if self.config.get("prior") == "depth" else SAID)
            for name, value in numbers.items():
                totals[name] = totals.get(name, 0) + value
            count += 1
        return {name: total / count for name, total in totals.items()}

    def sample_paths(self, count):
        paths = self.crops.held_out
        if not paths:
            raise Failure("no picture is held out: give more pictures or a smaller held_out_every")
        return paths[:: max(1, len(paths) // count)][:count]

    @torch.no_grad()
    def grid(self):
        """Rows of held-out pictures: bicubic, the network with the predicted prior, the original."""
        rows, side = [], 96
        for path in self.sample_paths(6):
            high, low, prior = self.crops.whole(path)
            found, (top, left) = self.average(low, prior), ((s - side) // 2 for s in high.shape[2:])
            shown = (x[:, :, top : top + side, left : left + side] for x in (enlarge(low), found, high))
            rows.append(torch.cat(list(shown), 3)[0])
        return F.interpolate(torch.cat(rows, 1)[None], scale_factor=2, mode="nearest")[0]

    def export(self):
        config = self.config
        metadata = {"architecture": "sft-net" if config["condition"] else "srresnet", "variant": "SFTGAN_noBN_OST_bg"}
        metadata |= {"blocks": config["blocks"], "features": config["features"], "classes": ",".join(NAMES)}
        if config.get("prior") == "depth":
            metadata["classes"] = "near,far"
        if not config["condition"]:
            del metadata["classes"]
        return self.average.state_dict(), metadata


def cross_entropy(logits, label):
    """Of the crops that have a class; background is none."""
    known = label > 0
    return F.cross_entropy(logits[known], label[known]) if known.any() else logits.sum() * 0


def some_of_one_class(prior, random):
    """Half of the priors made one class everywhere, so that a student sees what a prior changes in its teacher's pictures."""
    prior = prior.clone()
    for i in range(0, len(prior), 2):
        prior[i] = 0
        prior[i, random.integers(prior.shape[1])] = 1
    return prior


def shown_by(prior, label, config):
    """What a crop is an example of, 0 where of nothing: its class, or, by a depth map, near (1) and far (2)."""
    if config.get("prior") != "depth":
        return label
    far = prior[:, 1].mean((1, 2))
    return (far < NEAR).long() + 2 * (far > FAR).long()


def prior_say(net, low, channels):
    """Mean absolute change of the picture between two uniform priors, over all pairs of the channels."""
    h, w = (SCALE * side for side in low.shape[2:])
    outputs = [net(low, one_class(c, h, w, low.device)) for c in channels]
    changes = [(a - b).abs().mean().item() for a, b in itertools.combinations(outputs, 2)]
    return sum(changes) / len(changes)

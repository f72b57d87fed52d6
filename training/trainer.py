"""A generator with its judges, losses and optimisers: what a step (steps.py) works on, all of it on the device."""
import torch
from torch.nn import functional as F

from . import files, generate, judges, texture
from .discriminator import Discriminator
from .failure import Failure
from .features import vgg16, vgg19
from .flat import Learner
from .condition import fold_pictures
from .lessons import Lessons
from .load import load_generator
from .networks import CLASSES, Generator, initialise_condition, is_condition
from .perceptual import LOSSES, distance
from .pictures import NAMES
from .regularity import Regularity
from .resize import SCALE, matrix

SUREST = 16.0  # power to which a prior made surer is raised at most
SEEN = 96  # pixels a side of what the judges and VGG see
STATED = "step", "pixel", "vgg", "regular", "lr", "said", "calm", "judge", "patch", "real", "made", "mse", "lrmse"
STEERED = "pixel", "consistency", "regular"


def start_state(config, path, priors):
    """The generator's tensors under their official names: from a file, its condition path fresh where there is none, and where there is
    to be none folded at the mean of its modulation under `priors`, bytes `[n, classes]`."""
    torch.manual_seed(config["seed"])
    net = Generator(config["features"], config["blocks"], config["condition"], config["width"])
    state = files.read_weights(path)[0] if path else {}
    if not net.condition and any(map(is_condition, state)):
        state = fold_pictures(load_generator(path), priors)
    if net.condition and (config["fresh_condition"] or not any(map(is_condition, state))):
        initialise_condition(net, config["seed"])
        state = {k: v for k, v in state.items() if not is_condition(k)}
    files.load_into(net, net.state_dict() | state, path)
    return net.state_dict()


class Trainer:
    """`paths`: start and teacher (files or None). `networks`: vgg19 and vgg16 (npz as bytes, or None)."""

    def __init__(self, config, crops, device, dtype, paths, networks):
        self.config, self.crops, self.device, self.dtype = config, crops, device, dtype
        torch.manual_seed(config["seed"])
        factor = lambda name: config["condition_rate"] if name.startswith(("CondNet", "sft.")) else 1.0
        tensors, self.blocks = generate.pack_generator(start_state(config, paths["start"], crops.priors), config["upsampling"] == "nearest")
        self.net = Learner(tensors, device, (0.9, 0.99), factor)
        self.average = self.net.vector.clone()
        self.keep = torch.zeros((), device=device)  # how much of the average a step replaces
        self.teacher = None
        if paths["teacher"]:
            tensors, blocks = generate.pack_generator(files.read_weights(paths["teacher"])[0])
            self.teacher = (*Learner(tensors, device, (0, 0)).constant(dtype), blocks)

        c, h = config["low"], SCALE * config["low"]
        self.down, self.up = matrix(h, c, 1 / SCALE).to(device), matrix(c, h, SCALE).to(device)
        self.lessons = None
        self.span, self.one = torch.arange(SEEN, device=device), torch.eye(CLASSES, device=device)
        if unknown := [name for name in config["steer"] if name not in STEERED]:
            raise Failure(f"{unknown[0]} is not steered: name some of {', '.join(STEERED)}")
        # What the host changes between steps, and what it looks at; the device alone works with it within a step.
        self.weight = {k: torch.tensor(float(config[k])).to(device) for k in STEERED}
        self.ramp = torch.zeros((), device=device)
        self.sums = torch.zeros(len(STATED), device=device)
        self.done = {"first": 0, "second": 0}
        self.judge = self.patch = None
        if config["adversary"]:
            self.add_losses(networks)
        if self.teacher and config["lessons"]:
            # Under another prior they are needed in the first part only.
            other = config["wrong"] > 0 and (config["first"] > 0 or not config["adversary"])
            self.lessons = Lessons(self, config["lessons"], other)

    def add_losses(self, networks):
        """What only the second part knows: judges, VGG, texture, regularity."""
        config, device, dtype = self.config, self.device, self.dtype
        if not networks["vgg19"]:
            raise Failure("VGG-19 is not in the common pack: give pack its folder with --data, or --set adversary=false")
        judge = Discriminator(config["judge_width"]).state_dict()
        self.judge = Learner({k: v for k, v in judge.items() if "running" not in k and "batches" not in k}, device, (0.5, 0.99))
        patch, vectors = judges.new_patch_judge(config["patch_width"], CLASSES, config["seed"])
        self.patch = Learner(patch, device, (0.5, 0.99))
        self.vectors = {k: v.to(device) for k, v in vectors.items()}
        self.vgg = [(vgg19(networks["vgg19"], config["layers"], device, dtype), distance, config["layer_weights"])]
        if networks["vgg16"]:
            if config["deep_form"] not in LOSSES:
                raise Failure(f'there is no form of VGG-16\'s distance {config["deep_form"]}: name one of {", ".join(LOSSES)}')
            loss = LOSSES[config["deep_form"]]
            self.vgg.append((vgg16(networks["vgg16"], config["deep_layers"], device, dtype), loss, config["deep_weights"]))
        self.texture = texture.Texture(vgg19(networks["vgg19"], texture.LAYERS, device, dtype), SEEN, device)
        self.regularity = Regularity(device)
        self.mesh = torch.zeros(17, 17, device=device)
        self.norms, self.norm_steps = torch.zeros(5, device=device), torch.zeros((), device=device)

    # --- parts of a step ---

    def shrink(self, picture):
        return self.down @ picture @ self.down.T

    def detail(self, picture, low=None):
        """What the picture has beyond its own low resolution."""
        low = self.shrink(picture) if low is None else low
        return picture - self.up @ low @ self.up.T

    def clean(self, low, high):
        """The low resolution as it was before it was degraded."""
        return self.shrink(high) if self.config["degraded"] else low

    def enlarged(self, prior):
        """What the condition net reads, of probabilities at the low resolution."""
        return F.interpolate(prior, scale_factor=SCALE, mode="bilinear", align_corners=False)

    def generate(self, w, exact, low, prior):
        return generate.generate(w, exact, low, prior if self.config["condition"] else None, self.blocks)

    def lesson(self, count, other=0):
        """Low `[n, 3, c, c]`, high `[n, 3, 4c, 4c]`, prior `[n, 8, c, c]`, label `[n]` and the picture that is wanted: the original, or the
        teacher's, for the first `other` of them under a prior that is not theirs."""
        if self.lessons:
            return self.lessons.batch(count, other)
        if self.teacher:
            return self.taught(count, other)
        low, high, prior, label = self.crops.batch(count)
        return low, high, prior, label, high

    @torch.no_grad()
    def taught(self, count, other):
        low, high, prior, label = self.crops.batch(count)
        if other:
            strange = self.other_priors(torch.zeros(other, dtype=torch.long, device=self.device))[0]
            prior = torch.cat((strange[:, :, None, None].expand(-1, -1, *prior.shape[2:]), prior[other:]))
        w, exact, blocks = self.teacher
        return low, high, prior, label, generate.generate(w, exact, low, self.enlarged(prior), blocks)

    def other_priors(self, label):
        """For each label a prior of another class everywhere, for a quarter of them of two; and that class."""
        n = len(label)
        draw = torch.rand(4, n, device=self.device)
        count = 2 if self.config["depth"] else CLASSES
        own = (label - 1).clamp(min=0) if self.config["depth"] else label
        a = (own + 1 + (draw[0] * (count - 1)).long()).remainder(count)
        b = (draw[1] * count).long().clamp(max=count - 1)
        share = torch.where(draw[2] < 0.25, 0.25 + 0.5 * draw[3], torch.ones_like(draw[3]))[:, None]
        prior = share * self.one[a] + (1 - share) * self.one[b]
        mixed = share[:, 0] < 1
        named = a + 1 if self.config["depth"] else a
        return prior, torch.where(mixed & (b != a), torch.zeros_like(named), named)

    def surer(self, prior):
        """Some of the priors `[n, k, h, w]` made surer, up to one class at a place: so that what is painted, or said by a network surer
        of itself, is not taken for a prior that does not fit, of which those of one class everywhere are."""
        draw = torch.rand(2, len(prior), 1, 1, 1, device=self.device)
        power = torch.where(draw[0] < self.config["surer"], SUREST ** draw[1], torch.ones_like(draw[1]))
        raised = (prior / prior.amax(1, keepdim=True).clamp(min=1e-6)) ** power
        return prior.sum(1, keepdim=True) * raised / raised.sum(1, keepdim=True).clamp(min=1e-6)

    def offset(self):
        """Indices of SEEN pixels of a crop's rows and of its columns."""
        spare = SCALE * self.config["low"] - SEEN
        at = (torch.rand(2, device=self.device) * (spare + 1)).long().clamp(max=spare)
        return at[0] + self.span, at[1] + self.span

    def noisy(self, picture):
        return picture + self.config["noise"] * torch.randn_like(picture)

    def finish(self, learner, gradient):
        learner.update(gradient)
        if learner is self.net:
            self.average.lerp_(self.net.vector, self.keep)

    def note(self, **numbers):
        """Into the sums that are looked at every `look` steps; nothing is asked of the device now."""
        numbers["step"] = 1.0
        row = [numbers.get(name, 0.0) for name in STATED]
        row = [x.detach().float().reshape(()) if torch.is_tensor(x) else self.sums.new_full((), x) for x in row]
        self.sums.add_(torch.stack(row))

    # --- states ---

    def tensors(self):
        """Everything with a state, to be changed in place only: graphs hold these addresses."""
        found = {"average": self.average} | {f"weight.{k}": v for k, v in self.weight.items()}
        found |= {f"net.{k}": v for k, v in self.net.state().items()}
        if self.judge:
            found |= {"mesh": self.mesh, "norms": self.norms, "norm_steps": self.norm_steps} | self.texture.state()
            found |= {f"vector.{k}": v for k, v in self.vectors.items()}
            for name in ("judge", "patch"):
                found |= {f"{name}.{k}": v for k, v in getattr(self, name).state().items()}
        return found

    def restore(self, saved):
        for name, tensor in self.tensors().items():
            tensor.copy_(saved[name].to(self.device))

    def judges(self):
        """The judges' tensors by name, for another run to go on with."""
        found = {f"{n}.{k}": v for n in ("judge", "patch") for k, v in getattr(self, n).views(getattr(self, n).vector).items()}
        return found | {f"vector.{k}": v for k, v in self.vectors.items()}

    def load_judges(self, saved):
        own = self.judges()
        for name, tensor in own.items():
            if name not in saved or saved[name].shape != tensor.shape:
                has = f"{tuple(saved[name].shape)}" if name in saved else "none"
                raise Failure(f"--judges: {name} is to be {tuple(tensor.shape)} and is {has}: give the judges of a run of these widths")
        for name in ("judge", "patch"):
            getattr(self, name).load({k.removeprefix(f"{name}."): v for k, v in saved.items() if k.startswith(f"{name}.")})
        for name, vector in self.vectors.items():
            vector.copy_(saved[f"vector.{name}"])

    def export(self, path, provenance):
        """The averaged generator under its official names, as fp16."""
        config = self.config
        sizes = {"architecture": "sft-net" if config["condition"] else "srresnet", "variant": "SFTGAN_noBN_OST_bg"}
        sizes |= {"blocks": config["blocks"], "features": config["features"]}
        if config["condition"]:
            sizes["classes"] = "near,far" if config["depth"] else ",".join(NAMES)
        order = Generator(config["features"], config["blocks"], config["condition"], config["width"]).state_dict()
        state = generate.unpack_generator(self.net.views(self.average), self.blocks)
        files.write_safetensors(path, {name: state[name] for name in order}, sizes | provenance)

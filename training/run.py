"""A run of a generator's stage by the clock: python3 -m training sftgan --packs pack-1.tar --run FOLDER --seconds 570

Two parts: L1 alone, then all losses. Rates follow the clock, so the run ends annealed whatever the machine's speed. On a GPU a whole step
is one CUDA graph; if it cannot be captured, the process starts itself anew with --eager.
"""
import datetime
import math
import os
import signal
import sys
import time
import traceback

import numpy as np
import torch

from . import files, generate
from .crops import Crops, prepare_all, read_pack
from .failure import Failure
from .flat import Learner
from .load import load_generator, load_segmenter
from .pictures import NAMES
from .report import Report
from .resize import SCALE
from .steps import Graph, first, second
from .trainer import STATED, Trainer

BEGUN = float(os.environ.get("TRAINING_BEGUN") or time.time())
JUDGES_FLOOR = 0.2  # the judges' rates do not fall below this share
INTERIM = 0.85  # share of the time after which what there is is written and measured, lest the end is cut off
BOUNDS = {"pixel": (0.5, 60.0), "regular": (0.05, 4.0), "consistency": (2.0, 150.0)}  # of the weights that are steered


def elapsed():
    return time.time() - BEGUN


def anew(reason):
    """The same command without graphs, in a new process: a failed capture leaves the GPU's state in doubt."""
    print(f"CUDA graphs failed ({reason}): starting again with --eager", flush=True)
    os.environ["TRAINING_BEGUN"] = str(BEGUN)
    os.execv(sys.executable, [sys.executable, "-m", "training", *sys.argv[1:], "--eager"])


class Run:
    def __init__(self, config, options):
        self.options, self.config, self.stage = options, config, config["stage"]
        self.folder, self.out = options.run, options.out or options.run
        self.ended, self.evaluated, self.goal = [], False, None
        self.checkpoint = self.folder / f"{self.stage}.pt"

    def say(self, text):
        line = f"{elapsed():6.1f} s  {text}"
        print(line, flush=True)
        self.out.mkdir(parents=True, exist_ok=True)
        with open(self.out / "log.txt", "a") as file:
            file.write(line + "\n")

    # --- before ---

    def prepare(self):
        options, config = self.options, self.config
        common = dict(read_pack(options.common))
        networks = {name: common.get(f"{name}.npz") for name in ("vgg19", "vgg16", "lpips")}
        segmenter = load_segmenter(options.segment or options.weights / "segment.safetensors")
        items, names = [], set()
        for pack in options.packs:
            items += [item for item in read_pack(pack) if item[0] not in names]
            names |= {name for name, _ in items}
        if not items:
            raise Failure(f"{options.packs[0]} holds no picture: pack again")
        # Processes first, before anything touches the GPU.
        how = config["scales"], SCALE * config["low"], config["degraded"], config["seed"]
        prepared = prepare_all([(*item, *how) for item in items], options.workers)
        self.say(f"{self.stage}: {len(items)} pictures decoded and degraded")

        self.device = torch.device(options.device)
        self.dtype = torch.bfloat16 if self.device.type == "cuda" or options.bf16 else torch.float32
        if self.device.type == "cuda":
            self.say(f"{torch.cuda.get_device_name()}, PyTorch {torch.__version__}")
        segmenter = segmenter.to(self.device)
        self.crops = Crops(prepared, segmenter, self.device, config["low"], config["depth"], memo=options.memo)
        del prepared
        shares = ", ".join(f"{n} {s:.2f}" for n, s in zip(NAMES, self.crops.balance.tolist()))
        self.say(f"{self.crops.pixels / 1e6:.0f} Mpixel on the device, {len(self.crops.place)} places; drawn: {shares}")

        paths = {key: self.weights_of(config[key]) for key in ("start", "teacher")}
        paths |= {key: given for key in paths if (given := getattr(options, key))}
        self.trainer = Trainer(config, self.crops, self.device, self.dtype, paths, networks)
        deep = "with" if networks["vgg16"] else "without"
        self.say(f"start {paths['start'] or 'random'}, teacher {paths['teacher'] or 'none'}, {deep} VGG-16")
        self.started = paths["start"]

        held = {k.removeprefix("held/"): v for k, v in common.items() if k.startswith("held/")}
        self.report = Report(held, segmenter, networks, self.device, config["depth"], options.side, config["degraded"] > 0)
        self.report.add("bicubic", None)
        self.before = {}
        known = (options.weights / f"{self.stage}.safetensors").is_file()
        for name, other in (("psnr", "psnr"), (f"{self.stage} before", self.stage) if known else (config["start"],) * 2):
            path = options.weights / f"{other}.safetensors"
            if path.is_file() and name not in self.before and other not in self.before:
                self.before[name] = load_generator(path)
                self.report.add(name, self.before[name])
        self.say(f"{len(held)} held-out pictures measured with the weights so far")

    def weights_of(self, name):
        """weights/NAME.safetensors, or the run's own new sftgan, which a student and `depth` go on from."""
        new = self.folder / f"{name}.safetensors"
        if not name:
            return None
        return new if name == "sftgan" != self.stage and new.is_file() else self.options.weights / f"{name}.safetensors"

    @torch.no_grad()
    def measure_goal(self):
        """The mean square error of psnr.safetensors on crops as they are drawn."""
        tensors, blocks = generate.pack_generator(files.read_weights(self.options.weights / "psnr.safetensors")[0])
        w, exact = Learner(tensors, self.device, (0, 0)).constant(self.dtype)
        total, count = 0, 2 if self.device.type == "cpu" else 40
        for _ in range(count):
            low, high, prior, _ = self.crops.batch(self.config["batch"])
            total += (generate.generate(w, exact, low, self.trainer.enlarged(prior), blocks) - high).square().mean()
        self.say(f"psnr.safetensors: {-10 * math.log10(total / count):.2f} dB on training crops")
        return (total / count).item()

    def resume(self):
        """Continues with the states of an earlier call, or with judges of another run."""
        t = self.trainer
        if self.checkpoint.is_file():
            saved = files.read_checkpoint(self.checkpoint)
            try:
                t.restore(saved["tensors"])
                t.done = saved["done"]
            except (KeyError, RuntimeError, TypeError) as error:
                raise Failure(f"{self.checkpoint} is of another architecture ({str(error).splitlines()[0]}): give another --run") from None
            self.say(f"continuing {self.checkpoint} after {t.done}")
            return True
        if self.options.judges and t.judge:
            saved = {}
            for path in self.options.judges:
                saved |= files.read_safetensors(path)[0]
            t.load_judges(saved)
            self.say("with the judges brought along")
        return False

    # --- what is written ---

    def save(self):
        t = self.trainer
        provenance = {"provenance": f"python3 -m training {self.stage}", "start": self.started.name if self.started else "random"}
        provenance |= {"data": ",".join(sorted({p.stem for p in self.options.packs})), "steps": sum(t.done.values())}
        provenance |= {"seed": self.config["seed"], "date": datetime.date.today().isoformat()}
        for folder in {self.folder, self.out}:
            t.export(folder / f"{self.stage}.safetensors", provenance)

    def save_all(self):
        """The checkpoint too, and the judges as fp16 for another run, in two files of about one size."""
        t = self.trainer
        self.save()
        saved = {"tensors": {k: v.detach().cpu() for k, v in t.tensors().items()}, "done": t.done}
        files.replace(self.checkpoint, lambda temporary: torch.save(saved, temporary))
        if t.judge:
            learned = t.judges()
            halves, taken, size = ({}, {}), 0, sum(v.numel() for v in learned.values())
            for k, v in sorted(learned.items(), key=lambda item: -item[1].numel()):
                second_half = taken + v.numel() > size / 2
                halves[second_half][k] = v
                taken += 0 if second_half else v.numel()
            for i, half in enumerate(halves, 1):
                files.write_safetensors(self.out / f"judges-{i}.safetensors", half, {"of": self.stage, "steps": sum(t.done.values())})

    def evaluate(self, title):
        """Tables and sheets; a failure here must not cost the weights."""
        torch.backends.cudnn.benchmark = False  # pictures of many sizes
        try:
            new = load_generator(self.folder / f"{self.stage}.safetensors")
            self.report.add(f"{self.stage} new", new)
            text = f"## {self.stage}, {title}\n\n" + self.report.text()
            with open(self.out / "evaluation.md", "a") as file:
                file.write(text + "\n")
            print(text, flush=True)
            self.report.sheet(self.out / f"sheet-{self.stage}.png", self.before | {f"{self.stage} new": new})
            if self.config["condition"]:
                self.report.priors(self.out / f"priors-{self.stage}.png", new)
        except Exception:
            self.say("the evaluation failed:\n" + traceback.format_exc())
        torch.backends.cudnn.benchmark = self.device.type == "cuda"

    # --- the loop ---

    def steer(self, sums):
        """Weights of three losses, by at most 5 %, so that distance to psnr, mesh and fidelity come to where they should be."""
        t, config = self.trainer, self.config
        n = max(1.0, sums["step"])
        decibel = lambda x: -10 * math.log10(max(x, 1e-12))
        gap = 0 if t.teacher else decibel(self.goal) - decibel(sums["mse"] / n)
        mesh, fidelity = t.mesh.abs().max().item(), decibel(sums["lrmse"] / n)
        push = {"pixel": 0 if t.teacher else (gap - config["gap"]) / 0.5, "regular": (mesh - config["mesh"]) / 0.01}
        push["consistency"] = (config["fidelity"] - fidelity) / 1.5
        for name, error in push.items():
            if name not in config["steer"]:
                continue
            low, high = BOUNDS[name]
            value = t.weight[name].item() * math.exp(0.05 * max(-1.0, min(1.0, error)))
            t.weight[name].fill_(min(max(value, low), high))
        return {"gap": gap, "mesh": mesh, "LR": fidelity}

    def pace(self, part, progress, count, factor):
        """Rates and ramps for now, written to where the step reads them."""
        t, config = self.trainer, self.config
        hold, last = config["hold"], config["last"]
        shape = 1.0 if progress < hold else 0.5 * (1 + math.cos(math.pi * (progress - hold) / (1 - hold)))
        shape = last + (1 - last) * shape
        warm = min(1.0, (count + 1) / config["warm"])
        t.net.rate.fill_(warm * factor * shape * config["rate_first" if part == "first" else "rate"])
        if t.judge:
            t.judge.rate.fill_(factor * max(JUDGES_FLOOR, shape) * config["rate_judge"])
            t.patch.rate.fill_(factor * max(JUDGES_FLOOR, shape) * config["rate_patch"])
        t.keep.fill_(max(1 - config["average"], min(1.0, 9 / (t.done[part] + 10))))
        t.ramp.fill_(1.0 if self.continued else min(1.0, progress / config["ramp"]))

    def train(self, part, until, factor=1.0):
        """Steps of a part until `until` seconds after the beginning, or `--steps` of them."""
        t, config, options = self.trainer, self.config, self.options
        begun = shown = kept = when = elapsed()
        good, count, before, steered, total = None, 0, t.done[part], {}, np.zeros(len(STATED))
        interim = begun + INTERIM * (until - begun)
        t.sums.zero_()
        self.pace(part, 0.0, count, factor)
        torch.backends.cudnn.benchmark = self.device.type == "cuda"  # the shapes of a step never change
        step = Graph(first if part == "first" else second, t, options.eager)
        while True:
            progress = count / options.steps if options.steps else (elapsed() - begun) / max(1e-6, until - begun)
            if progress >= 1 or self.ended:
                break
            self.pace(part, progress, count, factor)
            for _ in range(min(config["look"], options.steps - count) if options.steps else config["look"]):
                step()
                count += 1
            t.done[part] = before + count
            # The one place where the host waits for the device.
            row = t.sums.cpu().numpy().astype(float)
            t.sums.zero_()
            if not (np.isfinite(row).all() and bool(torch.isfinite(t.net.vector).all())):
                if good is None:
                    raise Failure("not finite within the first steps: lower the rates with --set rate=... and rate_first=...")
                t.restore(good)
                factor, total = factor / 2, np.zeros(len(STATED))
                self.say(f"not finite after {count} steps: back to {elapsed() - when:.0f} s ago, at half the rate")
                continue
            total += row
            if good is None or elapsed() - when > 30:
                good, when = {k: v.clone() for k, v in t.tensors().items()}, elapsed()
            if part == "second":
                steered = self.steer(dict(zip(STATED, row)))
            if elapsed() - shown > options.log or (options.steps and count >= options.steps):
                self.state(part, total, steered, elapsed() - shown)
                shown, total = elapsed(), np.zeros(len(STATED))
                self.save()
                if elapsed() - kept > 100:
                    self.save_all()
                    kept = elapsed()
            if part == "second" and not self.evaluated and elapsed() > interim and not options.steps:
                self.evaluated = True
                self.save_all()
                self.evaluate(f"at {100 * INTERIM:.0f} % of the time, {t.done}")

    def state(self, part, total, steered, seconds):
        """A line of the log."""
        t = self.trainer
        numbers = {k: v / max(1, total[0]) for k, v in zip(STATED[1:], total[1:]) if v} | steered
        numbers |= {f"w_{k}": v.item() for k, v in t.weight.items()} if part == "second" else {}
        memory = f", {torch.cuda.max_memory_allocated() / 2**30:.1f} GiB" if self.device.type == "cuda" else ""
        speed = f"{total[0] / max(1e-6, seconds):.1f} steps/s"
        self.say(f"{part} {t.done[part]}: " + ", ".join(f"{k} {v:.4g}" for k, v in numbers.items()) + f"; {speed}{memory}")

    def run(self):
        options, config = self.options, self.config
        self.prepare()
        self.continued = self.resume()
        if config["adversary"] and not self.trainer.teacher:
            self.goal = self.measure_goal()
        # From here on a signal ends the training, not the process; a second one ends that too.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: sys.exit("ended by a second signal") if self.ended else self.ended.append(True))
        begun, end = elapsed(), options.seconds - options.reserve
        span = end - begun
        if not options.steps and span < 5:
            raise Failure(f"only {span:.0f} s of {options.seconds:.0f} are left to train in: give more --seconds, or less --reserve")
        try:
            if not config["adversary"]:
                self.train("first", end)
            else:
                if not self.continued and config["first"] > 0:
                    self.train("first", begun + config["first"] * span)
                self.train("second", end, config["again"] if self.continued else 1.0)
        except RuntimeError as error:
            if self.device.type != "cuda" or options.eager:
                raise
            traceback.print_exc()
            anew(str(error).splitlines()[0])
        self.save_all()
        self.evaluate(f"{self.trainer.done} steps, {options.seconds:.0f} s" + (", ended early" if self.ended else ""))
        self.say("done")

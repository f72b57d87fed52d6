"""The loop of stage `segment`: steps that depend on nothing but the seed and their number, a log, checkpoints, pictures.

The stage has `parts` (name -> module or optimiser, everything with a state), `net` (what is averaged and exported), and
`step(number, random) -> {name: value}`, `probe() -> {name: value}` and `grid() -> RGB [3, h, w]`, on the averaged weights.
"""
import copy
import json
import math
import signal
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from . import files
from .failure import Failure


def learning_rate(step, config):
    """The factor on the base rate: a linear warm-up, then a cosine to zero, or nothing more."""
    warm = min(1.0, (step + 1) / max(1, config.get("warm_up", 1)))
    return warm * (0.5 * (1 + math.cos(math.pi * step / config["steps"])) if config.get("schedule") == "cosine" else 1)


def average_into(average, net, decay):
    with torch.no_grad():
        current = net.state_dict()
        for name, value in average.state_dict().items():
            if value.dtype.is_floating_point:
                value.lerp_(current[name], 1 - decay)
            else:
                value.copy_(current[name])


class Loop:
    def __init__(self, folder, stage, config):
        self.folder, self.stage, self.config = Path(folder), stage, config
        self.step, self.average = 0, copy.deepcopy(stage.net).eval().requires_grad_(False)
        self.checkpoint = self.folder / "checkpoint.pth"
        stage.average = self.average
        if self.checkpoint.exists():
            self.restore()

    def restore(self):
        state = files.read_checkpoint(self.checkpoint)
        if not isinstance(state, dict) or state.get("stage") != self.config["stage"]:
            raise Failure(f"{self.checkpoint} is not of stage {self.config['stage']}: give another --run folder")
        for name, part in {**self.stage.parts, "average": self.average}.items():
            bases = [group["base"] for group in getattr(part, "param_groups", [])]
            try:
                part.load_state_dict(state[name])
            except (RuntimeError, ValueError, KeyError) as error:
                raise Failure(f"{self.checkpoint} is of another architecture ({name}: {str(error).splitlines()[0]})") from None
            for group, base in zip(getattr(part, "param_groups", []), bases):
                group["base"] = base  # the config's, which may have changed
        self.step = state["step"]

    def save(self):
        state = {name: part.state_dict() for name, part in self.stage.parts.items()}
        state |= {"average": self.average.state_dict(), "step": self.step, "stage": self.config["stage"]}
        state["config"] = json.dumps(self.config)
        files.replace(self.checkpoint, lambda temporary: torch.save(state, temporary))

    def log(self, numbers):
        line = f"step {self.step:6d}  " + "  ".join(f"{name} {value:.5g}" for name, value in numbers.items())
        print(line, flush=True)
        with open(self.folder / "log.txt", "a") as file:
            file.write(line + "\n")

    def grid(self):
        picture = self.stage.grid().clamp(0, 1).mul(255).round().byte().permute(1, 2, 0).cpu().numpy()
        path = self.folder / f"grid-{self.step:06d}.png"
        files.replace(path, lambda temporary: Image.fromarray(picture).save(temporary, "PNG"))

    def run(self, minutes=None):
        """Trains until the steps are done, the minutes are over, or the process is told to end; then stores a checkpoint."""
        config, sums, count = self.config, {}, 0
        self.folder.mkdir(parents=True, exist_ok=True)
        ended = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.append(True))
        start = saved = time.monotonic()
        if self.step == 0:
            self.log(self.stage.probe())
        first, begun = self.step, start
        while self.step < config["steps"] and not ended:
            if minutes and time.monotonic() - start > 60 * minutes:
                break
            factor = learning_rate(self.step, config)
            for part in self.stage.parts.values():
                if isinstance(part, torch.optim.Optimizer):
                    for group in part.param_groups:
                        group["lr"] = group["base"] * factor
            # One seed for each step: a restart draws what an unbroken run would have drawn.
            torch.manual_seed(config["seed"] * 1_000_003 + self.step)
            numbers = self.stage.step(self.step, np.random.default_rng((config["seed"], self.step)))
            self.step += 1
            # The average follows quickly at first, so that it does not keep the start for long.
            average_into(self.average, self.stage.net, min(config["average"], (self.step + 1) / (self.step + 10)))
            for name, value in numbers.items():
                if not np.isfinite(value):
                    raise Failure(f"{name} is {value} at step {self.step}: lower the rate and continue from the last checkpoint")
                sums[name] = sums.get(name, 0.0) + value
            count += 1
            if self.step % config["log_every"] == 0:
                seconds = (time.monotonic() - begun) / (self.step - first)
                self.log({name: total / count for name, total in sums.items()} | {"s/step": seconds})
                sums, count = {}, 0
            if self.step % config["probe_every"] == 0:
                self.log(self.stage.probe())
                self.grid()
            if time.monotonic() - saved > 60 * config["checkpoint_minutes"]:
                self.save()
                saved = time.monotonic()
        self.save()
        print(f"{self.checkpoint}: {self.step} of {config['steps']} steps", flush=True)

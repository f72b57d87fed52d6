"""A generator's condition path folded away: under a prior that is the same everywhere an SFT layer is a scale and a shift of each
channel, which the convolution after it can do as well. What a generator without condition (`twin`) is or starts from.

    python3 -m training fold-condition weights/sftgan.safetensors weights/twin.safetensors --memo RUNS/priors
"""
import datetime
from pathlib import Path

import torch
from torch.nn import functional as F

from . import files
from .failure import Failure
from .load import load_generator
from .memo import read_priors
from .networks import is_condition

PLACES = 8000  # priors at so many are looked at


@torch.no_grad()
def fold(net, priors):
    """Tensors of `net` without condition net and SFT layers, by their official names: its picture under the modulation that is the mean
    of those of `priors`, `[n, classes]`, but for the border, where padding is not shifted. For the variant without ReLU before its convolutions."""
    condition = net.CondNet(priors[:, :, None, None].expand(-1, -1, 4, 4))
    state = {name: tensor.clone() for name, tensor in net.state_dict().items() if not is_condition(name)}
    last = net.sft_branch[str(net.blocks)]
    layers = {f"sft_branch.{i}.conv{j}": getattr(net.sft_branch[str(i)], f"sft{j}") for i in range(net.blocks) for j in (0, 1)}
    for name, layer in (layers | {f"sft_branch.{net.blocks + 1}": last}).items():
        scale, shift = (
            getattr(layer, f"SFT_{kind}_conv1")(F.leaky_relu(getattr(layer, f"SFT_{kind}_conv0")(condition), layer.slope)).mean((0, 2, 3))
            for kind in ("scale", "shift")
        )
        kernel = state[f"{name}.weight"]
        state[f"{name}.bias"] += kernel.sum((2, 3)) @ shift
        state[f"{name}.weight"] = kernel * (scale + layer.unit)[:, None, None]
    return state


def fold_pictures(net, priors):
    """`fold` at the mean over what `priors` are, bytes `[n, classes]` of all places of many pictures."""
    return fold(net, priors[:: max(1, len(priors) // PLACES)].cpu().float() / 255)


def arguments(commands):
    p = commands.add_parser("fold-condition", help="a generator without condition path, of one that has it")
    p.add_argument("source", type=Path, help="the generator (.safetensors)")
    p.add_argument("target", type=Path, help="the file to write")
    p.add_argument("--memo", type=Path, required=True, help="folder of priors, which a run with --memo has filled")


def fold_file(options):
    net, (_, metadata) = load_generator(options.source), files.read_weights(options.source)
    if not net.condition:
        raise Failure(f"{options.source} has no condition path to fold away: name a generator with SFT layers")
    metadata = {k: v for k, v in metadata.items() if k != "classes"} | {"architecture": "srresnet", "date": datetime.date.today().isoformat()}
    metadata |= {"provenance": "python3 -m training fold-condition", "start": options.source.name}
    files.write_safetensors(options.target, fold_pictures(net, read_priors(options.memo)), metadata)
    print(f"{options.target}: {options.target.stat().st_size:,} bytes")

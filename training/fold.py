"""A generator's condition path folded away: under a prior that is the same everywhere an SFT layer is a scale and a shift of each
channel, which the convolution after it can do as well. What a generator without condition (`twin`) starts from."""
import torch
from torch.nn import functional as F

from .networks import is_condition


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

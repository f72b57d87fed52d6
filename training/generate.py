"""The generator as a function of one vector of parameters (flat.py): all scales and shifts of the SFT layers, which read the same
condition, are two matrix products instead of 132, and the upsampling can be held to nearest-neighbour enlargement.
"""
import torch
from torch.nn import functional as F

from .flat import LAST


def sft_names(blocks):
    return [f"sft_branch.{i}.sft{j}" for i in range(blocks) for j in (0, 1)] + [f"sft_branch.{blocks}"]


def swap(kernel, back=False):
    """The 4 f rows before a pixel shuffle from PyTorch's order (f, i, j) to (i, j, f), in which shuffling copies whole pixels."""
    shape = kernel.shape
    a = (2, 2, shape[0] // 4) if back else (shape[0] // 4, 2, 2)
    order = (2, 0, 1) if back else (1, 2, 0)
    rest = range(3, 2 + len(shape))
    return kernel.reshape(*a, *shape[1:]).permute(*order, *rest).reshape(shape).contiguous()


UPSAMPLING = ("HR_branch.0", "HR_branch.3")
# A 3x3 convolution of what was enlarged by two (nearest) is a 3x3 convolution of four times as many channels before a pixel shuffle:
# TAPS[i] brings its three rows (or columns) to those that row i of two sees before the enlargement.
TAPS = torch.tensor([[[1.0, 0, 0], [0, 1, 1], [0, 0, 0]], [[0, 0, 0], [1, 1, 0], [0, 0, 1]]])


def by_phase(kernel):
    """`[f, c, 3, 3]` over a picture enlarged by two to `[4 f, c, 3, 3]` before the shuffle, rows in the order (i, j, f)."""
    f, c = kernel.shape[:2]
    return torch.einsum("pya,qxb,fcab->pqfcyx", TAPS, TAPS, kernel).reshape(4 * f, c, 3, 3)


def without_phase(kernel):
    """The nearest such kernel to one before the shuffle (rows (i, j, f)); exact for what `by_phase` made."""
    f = len(kernel) // 4
    square = torch.einsum("pya,qxb->pqyxab", TAPS, TAPS).reshape(36, 9)
    rows = kernel.view(2, 2, f, -1, 3, 3).permute(2, 3, 0, 1, 4, 5).reshape(f, -1, 36)
    return (rows @ torch.linalg.pinv(square).T).view(f, -1, 3, 3)


def pack_generator(state, nearest=False):
    """Official names to those used here: SFT layers stacked, rows before the shuffles in another order; or, with `nearest`, the
    convolutions before the shuffles held to what nearest-neighbour upsampling can say, which draws no mesh of its own."""
    state = {k: v.detach().float().cpu() for k, v in state.items()}
    blocks = sum(k.endswith(".conv0.weight") and k.startswith("sft_branch") and ".sft" not in k for k in state)
    new = {k: swap(v) if k.rsplit(".", 1)[0] in UPSAMPLING else v for k, v in state.items() if "SFT_" not in k}
    if nearest:
        for name in UPSAMPLING:
            new[f"{name}.weight"] = without_phase(new[f"{name}.weight"])
            new[f"{name}.bias"] = new[f"{name}.bias"].view(4, -1).mean(0)
    if any("SFT_" in k for k in state):
        ends = [f"{name}.SFT_{kind}" for name in sft_names(blocks) for kind in ("scale", "shift")]
        new["sft.first.weight"] = torch.cat([state[f"{e}_conv0.weight"][:, :, 0, 0] for e in ends])
        new["sft.first.bias"] = torch.cat([state[f"{e}_conv0.bias"] for e in ends])
        new["sft.second.weight"] = torch.stack([state[f"{e}_conv1.weight"][:, :, 0, 0].T for e in ends]).contiguous()
        new["sft.second.bias"] = torch.stack([state[f"{e}_conv1.bias"][None] for e in ends])
    return new, blocks


def unpack_generator(tensors, blocks):
    """Back to the official names."""
    tensors = {k: v.detach().float().cpu().contiguous() for k, v in tensors.items()}
    for name in UPSAMPLING:
        kernel = tensors[f"{name}.weight"]
        if kernel.shape[0] == kernel.shape[1]:
            tensors |= {f"{name}.weight": by_phase(kernel), f"{name}.bias": tensors[f"{name}.bias"].repeat(4)}
    new = {}
    for k, v in tensors.items():
        if not k.startswith("sft."):
            new[k] = swap(v, back=True) if k.rsplit(".", 1)[0] in UPSAMPLING else v
    if "sft.first.weight" in tensors:
        ends = [f"{name}.SFT_{kind}" for name in sft_names(blocks) for kind in ("scale", "shift")]
        c = tensors["sft.first.weight"].shape[1]
        for i, e in enumerate(ends):
            new[f"{e}_conv0.weight"] = tensors["sft.first.weight"][i * c : (i + 1) * c, :, None, None].clone()
            new[f"{e}_conv0.bias"] = tensors["sft.first.bias"][i * c : (i + 1) * c].clone()
            new[f"{e}_conv1.weight"] = tensors["sft.second.weight"][i].T[:, :, None, None].clone()
            new[f"{e}_conv1.bias"] = tensors["sft.second.bias"][i, 0].clone()
    return new


def shuffle(x):
    """Pixel shuffle by 2 of channels in the order (i, j, f), channels last before and after."""
    n, k, h, w = x.shape
    x = x.permute(0, 2, 3, 1).reshape(n, h, w, 2, 2, k // 4).permute(0, 1, 3, 2, 4, 5)
    return x.reshape(n, 2 * h, 2 * w, k // 4).permute(0, 3, 1, 2)


def generate(w, exact, low, prior, blocks):
    """training.networks.Generator.forward (SFTGAN_noBN_OST_bg, or without SFT where prior is None); RGB float32, not clipped.
    The last convolution is in float32: bf16 has no finer steps at 0.5 than a byte."""
    dtype, conv = w["conv0.weight"].dtype, lambda x, name, **more: F.conv2d(x, w[f"{name}.weight"], w[f"{name}.bias"], **more)
    change = None
    if prior is not None:
        c = conv(prior.to(dtype).contiguous(memory_format=LAST), "CondNet.0", stride=4)
        for i in (2, 4, 6, 8):
            c = conv(F.leaky_relu(c, 0.1), f"CondNet.{i}")
        n, k, h, width = c.shape
        c = c.permute(0, 2, 3, 1).reshape(-1, k)
        first = F.leaky_relu(F.linear(c, w["sft.first.weight"], w["sft.first.bias"]), 0.1)
        first = first.view(len(c), -1, k).transpose(0, 1)
        second = torch.baddbmm(w["sft.second.bias"], first, w["sft.second.weight"])
        change = [part.permute(0, 3, 1, 2) for part in second.view(len(second), n, h, width, -1).unbind(0)]
    sft = lambda x, i: torch.addcmul(x + change[2 * i + 1], x, change[2 * i]) if change else x
    head = x = conv(low.to(dtype).contiguous(memory_format=LAST), "conv0", padding=1)
    for i in range(blocks):
        y = F.relu(conv(sft(x, 2 * i), f"sft_branch.{i}.conv0", padding=1))
        x = x + conv(sft(y, 2 * i + 1), f"sft_branch.{i}.conv1", padding=1)
    x = head + conv(sft(x, 2 * blocks), f"sft_branch.{blocks + 1}", padding=1)
    for name in UPSAMPLING:
        if w[f"{name}.bias"].shape == w["conv0.bias"].shape:
            x = F.relu(conv(F.interpolate(x, scale_factor=2), name, padding=1))
        else:
            x = shuffle(F.relu(conv(x, name, padding=1)))
    x = F.relu(conv(x, "HR_branch.6", padding=1))
    return F.conv2d(x.float(), exact["HR_branch.8.weight"], exact["HR_branch.8.bias"], padding=1)

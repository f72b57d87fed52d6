"""What the generated picture is judged by: the paper's discriminator as a function of one vector (flat.py), and a judge of texture."""
import torch
from torch.nn import functional as F

from .flat import LAST


def judge(w, exact, picture):
    """training.discriminator.Discriminator (ACD_VGG_BN_96) in training mode: logits of "real" `[n]` and of the classes `[n, 8]`."""
    x, at = (picture * 2 - 1).to(w["feature.0.weight"].dtype).contiguous(memory_format=LAST), 0
    for i in range(8):
        # Under a batch norm a bias has no effect.
        x = F.conv2d(x, w[f"feature.{at}.weight"], None if i else w[f"feature.{at}.bias"], 1 + i % 2, 1)
        at += 1
        if i:
            x = F.batch_norm(x, None, None, exact[f"feature.{at}.weight"], exact[f"feature.{at}.bias"], True)
            at += 1
        x = F.leaky_relu(x, 0.1)
        at += 1
    x = x.flatten(1)
    head = lambda h: F.linear(F.leaky_relu(F.linear(x, w[f"{h}.0.weight"], w[f"{h}.0.bias"]), 0.1), w[f"{h}.2.weight"], w[f"{h}.2.bias"]).float()
    return head("gan")[:, 0], head("cls")


LADDER = ((3, 1, 0, 1), (4, 2, 1, 2), (3, 1, 2, 2), (4, 2, 2, 4), (3, 1, 4, 4))  # size, stride, width before and after, in units


def new_patch_judge(width, classes, seed):
    """A judge of texture: sees 24 pixels around a place of the *detail* alone (what the low resolution does not hold), and the prior
    there. Spectral norm, no batch norm, so that no statistic of the batch tells real from made."""
    random = torch.Generator().manual_seed(seed)
    fresh = lambda *shape: torch.randn(shape, generator=random) / (shape[1] * shape[2] * shape[3]) ** 0.5
    tensors = {}
    for i, (size, _, before, after) in enumerate(LADDER):
        tensors[f"conv{i}.weight"] = fresh(after * width, before * width or 3, size, size)
        tensors[f"conv{i}.bias"] = torch.zeros(after * width)
    tensors |= {"out.weight": fresh(1, 4 * width, 1, 1), "out.bias": torch.zeros(1), "embed.weight": fresh(4 * width, classes, 1, 1)}
    vectors = {n: F.normalize(torch.randn(len(t), generator=random), dim=0) for n, t in tensors.items() if n.endswith("weight")}
    return tensors, vectors


def spectral(w, vectors, turn):
    """The kernels over their largest singular value, by one turn of power iteration a step (`turn`) on the vectors kept."""
    found = dict(w)
    for name, u in vectors.items():
        m = w[name].permute(0, 2, 3, 1).reshape(len(u), -1).float()
        with torch.no_grad():
            v = F.normalize(u @ m, dim=0, eps=1e-8)
            now = F.normalize(m @ v, dim=0, eps=1e-8)
            if turn:
                u.copy_(now)
        found[name] = w[name] / (now @ (m @ v)).clamp(min=1e-6).to(w[name].dtype)
    return found


def judge_patches(w, detail, prior):
    """Logits `[n, 24, 24]` of "real detail of that prior" for `[n, 3, 96, 96]`, and the features they come from."""
    x = detail.to(w["conv0.weight"].dtype).contiguous(memory_format=LAST)
    for i, (_, stride, *_) in enumerate(LADDER):
        x = F.leaky_relu(F.conv2d(x, w[f"conv{i}.weight"], w[f"conv{i}.bias"], stride, 1), 0.2)
    return read_patches(w, x, prior), x


def read_patches(w, x, prior):
    """The head alone: a projection discriminator (Miyato and Koyama, ICLR 2018), at each place by the prior there."""
    plain = F.conv2d(x, w["out.weight"], w["out.bias"])[:, 0].float()
    return plain + (x * F.conv2d(prior.to(x.dtype), w["embed.weight"])).float().sum(1) / x.shape[1] ** 0.5


def relativistic(a, b):
    """Relativistic average (Jolicoeur-Martineau, 2018): `a` is to look more real than the mean of `b`, and `b` less than that of `a`."""
    return 0.5 * (F.softplus(b.mean() - a).mean() + F.softplus(b - a.mean()).mean())


def of_class(logits, label):
    """Cross entropy of the crops that have a class."""
    known = (label > 0).float()
    return (F.cross_entropy(logits, label, reduction="none") * known).sum() / known.sum().clamp(min=1)

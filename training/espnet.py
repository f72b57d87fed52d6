"""Encoder of ESPNetv2 (Mehta et al., CVPR 2019; MIT), under the names of its checkpoints: a distance of features (perceptual.py)."""
import torch
from torch import nn
from torch.nn import functional as F

from . import files

GROUPS = 4  # of the 1×1 convolutions, and branches of a block


class Unit(nn.Module):
    """Convolution, batch norm and PReLU."""

    def __init__(self, before, after, size, stride=1, groups=1, act=True):
        super().__init__()
        self.conv = nn.Conv2d(before, after, size, stride, (size - 1) // 2, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(after)
        self.act = nn.PReLU(after) if act else nn.Identity()

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))


class Dilated(nn.Module):
    """A depth-wise convolution."""

    def __init__(self, width, stride, dilation):
        super().__init__()
        self.conv = nn.Conv2d(width, width, 3, stride, dilation, dilation, width, bias=False)

    def forward(self, x):
        return self.conv(x)


class EESP(nn.Module):
    """Extremely efficient spatial pyramid: four dilated depth-wise convolutions, summed in turn."""

    def __init__(self, before, after, stride, reach):
        super().__init__()
        n = after // GROUPS
        dilations = sorted(i + 1 if 3 + 2 * i <= reach else 1 for i in range(GROUPS))
        self.proj_1x1 = Unit(before, n, 1, groups=GROUPS)
        self.spp_dw = nn.ModuleList(Dilated(n, stride, d) for d in dilations)
        self.br_after_cat = nn.Module()
        self.br_after_cat.bn, self.br_after_cat.act = nn.BatchNorm2d(after), nn.PReLU(after)
        self.conv_1x1_exp = Unit(after, after, 1, groups=GROUPS, act=False)
        # A block that halves is not followed by its own activation, though the checkpoint has one.
        self.module_act = nn.PReLU(after) if stride == 1 else None

    def forward(self, x):
        y, parts = self.proj_1x1(x), []
        for conv in self.spp_dw:
            parts.append(conv(y) + (parts[-1] if parts else 0))
        y = self.conv_1x1_exp(self.br_after_cat.act(self.br_after_cat.bn(torch.cat(parts, 1))))
        return self.module_act(y + x) if self.module_act else y


class Down(nn.Module):
    """Half the size: pooled and convolved beside each other, and the picture itself once more."""

    def __init__(self, before, after, reach):
        super().__init__()
        self.eesp = EESP(before, after - before, 2, reach)
        self.inp_reinf = nn.Sequential(Unit(3, 3, 3), Unit(3, after, 1, act=False))
        self.act = nn.PReLU(after)

    def forward(self, x, picture):
        pooled = F.avg_pool2d(x, 3, 2, 1)
        while picture.shape[2:] != pooled.shape[2:]:
            picture = F.avg_pool2d(picture, 3, 2, 1)
        return self.act(torch.cat((pooled, self.eesp(x)), 1) + self.inp_reinf(picture))


class ESPNet(nn.Module):
    """Gives features at 1/2, 1/4, 1/8 and 1/16 of a picture. Sizes are those of s = 2.0; `path` is its checkpoint."""

    def __init__(self, path=None, widths=(32, 128, 256, 512), blocks=(3, 7)):
        super().__init__()
        a, b, c, d = widths
        block = lambda width, reach: EESP(width, width, 1, reach)
        self.level1 = Unit(3, a, 3, 2)
        self.level2_0 = Down(a, b, 13)
        self.level3_0, self.level3 = Down(b, c, 11), nn.Sequential(*(block(c, 9) for _ in range(blocks[0])))
        self.level4_0, self.level4 = Down(c, d, 9), nn.Sequential(*(block(d, 7) for _ in range(blocks[1])))
        if path:
            state, prefix = files.read_checkpoint(path), "base_net."
            state = {k[len(prefix) :]: v for k, v in state.items() if k.startswith(prefix)}
            unused = lambda k: k.startswith("level5") or k == "classifier" or "_0.eesp.module_act" in k
            files.load_into(self, {k: v for k, v in state.items() if not unused(k)}, path)
        self.register_buffer("mean", torch.tensor((0.485, 0.456, 0.406))[None, :, None, None], persistent=False)
        self.register_buffer("deviation", torch.tensor((0.229, 0.224, 0.225))[None, :, None, None], persistent=False)

    def forward(self, picture):
        x = (picture - self.mean) / self.deviation
        a = self.level1(x)
        b = self.level2_0(a, x)
        c = self.level3(self.level3_0(b, x))
        d = self.level4(self.level4_0(c, x))
        return [a, b, c, d]

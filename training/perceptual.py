"""Two perceptual distances, each comparable only to itself: VGG-19 (also the loss) and ESPNetv2's encoder (nothing learns from it).

Both are: mean absolute difference of the features of two pictures, over the mean absolute feature of the second one,
averaged over the layers.
"""
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from . import files
from .failure import Failure

VGG_LAYERS = ("conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1", "conv3_2", "conv3_3", "conv3_4")
CAFFE_MEAN = (103.939, 116.779, 123.68)  # BGR


def distance(found, wanted):
    """Of two lists of feature maps."""
    return sum((a - b).abs().mean() / b.abs().mean() for a, b in zip(found, wanted)) / len(found)


class VGG(nn.Module):
    """VGG-19 up to conv3_4 (Keras npz, kernels HWIO). Features are taken before ReLU, at the layers named.

    conv4 and deeper layers are not among the data, so conv5_4 of the paper is out of reach.
    """

    def __init__(self, path, layers):
        super().__init__()
        try:
            arrays = np.load(path)
            kernels = [arrays[f"block{n[4]}_conv{n[6]}_kernel"] for n in VGG_LAYERS]
            biases = [arrays[f"block{n[4]}_conv{n[6]}_bias"] for n in VGG_LAYERS]
        except (OSError, KeyError, ValueError) as error:
            raise Failure(f"{path} is no VGG-19 npz with block1_conv1_kernel ... block3_conv4_bias: {error}") from None
        self.layers = layers
        self.kernels = nn.ParameterList(nn.Parameter(torch.from_numpy(k).permute(3, 2, 0, 1).contiguous(), False) for k in kernels)
        self.biases = nn.ParameterList(nn.Parameter(torch.from_numpy(b), False) for b in biases)
        self.register_buffer("mean", torch.tensor(CAFFE_MEAN)[None, :, None, None])

    def forward(self, picture, average_pool=False):
        """RGB in [0, 1] to a list of feature maps. Pooling by average, for the loss, does not favour one place of a 2×2 cell."""
        x, found = picture.flip(1) * 255 - self.mean, []
        for name, kernel, bias in zip(VGG_LAYERS, self.kernels, self.biases):
            if name in ("conv2_1", "conv3_1"):
                x = F.avg_pool2d(x, 2) if average_pool else F.max_pool2d(x, 2)
            x = F.conv2d(x, kernel, bias, padding=1)
            if name in self.layers:
                found.append(x)
                if len(found) == len(self.layers):
                    break
            x = F.relu(x)
        return found


class Unit(nn.Module):
    """Convolution, batch norm and PReLU, each if it is there: the building stone of ESPNetv2, names as in its checkpoint."""

    def __init__(self, before, after, size, stride=1, groups=1, dilation=1, norm=True, act=True):
        super().__init__()
        pad = (size - 1) // 2 * dilation
        self.conv = nn.Conv2d(before, after, size, stride, pad, dilation, groups, bias=False)
        self.bn = nn.BatchNorm2d(after) if norm else nn.Identity()
        self.act = nn.PReLU(after) if act else nn.Identity()

    def forward(self, x):
        return self.act(self.bn(self.conv(x)))


class EESP(nn.Module):
    """Extremely efficient spatial pyramid (Mehta et al., CVPR 2019): four dilated depth-wise convolutions, summed in turn."""

    def __init__(self, before, after, stride, reach):
        super().__init__()
        n = after // 4
        dilations = sorted(i + 1 if 3 + 2 * i <= reach else 1 for i in range(4))
        self.stride = stride
        self.proj_1x1 = Unit(before, n, 1, groups=4)
        self.spp_dw = nn.ModuleList(Unit(n, n, 3, stride, n, d, norm=False, act=False) for d in dilations)
        self.br_after_cat = nn.Module()
        self.br_after_cat.bn, self.br_after_cat.act = nn.BatchNorm2d(after), nn.PReLU(after)
        self.conv_1x1_exp = Unit(after, after, 1, groups=4, act=False)
        self.module_act = nn.PReLU(after)

    def forward(self, x):
        y, parts = self.proj_1x1(x), []
        for conv in self.spp_dw:
            parts.append(conv(y) + (parts[-1] if parts else 0))
        y = self.conv_1x1_exp(self.br_after_cat.act(self.br_after_cat.bn(torch.cat(parts, 1))))
        return y if self.stride == 2 else self.module_act(y + x)


class Down(nn.Module):
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
    """Encoder of ESPNetv2 s = 2.0 (MIT); gives its features at 1/2, 1/4, 1/8 and 1/16."""

    def __init__(self, path=None):
        super().__init__()
        self.level1 = Unit(3, 32, 3, 2)
        self.level2_0 = Down(32, 128, 13)
        self.level3_0, self.level3 = Down(128, 256, 11), nn.Sequential(*(EESP(256, 256, 1, 9) for _ in range(3)))
        self.level4_0, self.level4 = Down(256, 512, 9), nn.Sequential(*(EESP(512, 512, 1, 7) for _ in range(7)))
        if path:
            state = files.read_checkpoint(path)
            prefix = "base_net."
            state = {k[len(prefix) :]: v for k, v in state.items() if k.startswith(prefix)}
            # A block that halves is not followed by its own activation, though the checkpoint has one.
            files.load_into(self, {k: v for k, v in state.items() if not k.startswith("level5") and k != "classifier"}, path)
        self.register_buffer("mean", torch.tensor((0.485, 0.456, 0.406))[None, :, None, None], persistent=False)
        self.register_buffer("deviation", torch.tensor((0.229, 0.224, 0.225))[None, :, None, None], persistent=False)
        self.eval().requires_grad_(False)

    def forward(self, picture):
        x = (picture - self.mean) / self.deviation
        a = self.level1(x)
        b = self.level2_0(a, x)
        c = self.level3(self.level3_0(b, x))
        d = self.level4(self.level4_0(c, x))
        return [a, b, c, d]

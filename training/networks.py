"""The networks in PyTorch, under the names of the official checkpoints: generators with and without SFT layers, and the
official segmentation network; ours is in lite0.py. The tests' fixtures are made with them too (test/fixtures/make-nets.py).
"""
import torch
from torch import nn
from torch.nn import functional as F

CLASSES = 8


# --- Generators (Wang et al., CVPR 2018) -------------------------------------------------------------------------------


class SFTLayer(nn.Module):
    """Spatial feature transform; `unit` is what is added to the scale, `slope` that of LeakyReLU."""

    def __init__(self, features, condition, unit, slope):
        super().__init__()
        self.unit, self.slope = unit, slope
        for branch in ("scale", "shift"):
            setattr(self, f"SFT_{branch}_conv0", nn.Conv2d(condition, condition, 1))
            setattr(self, f"SFT_{branch}_conv1", nn.Conv2d(condition, features, 1))

    def forward(self, x, condition):
        scale = self.SFT_scale_conv1(F.leaky_relu(self.SFT_scale_conv0(condition), self.slope))
        shift = self.SFT_shift_conv1(F.leaky_relu(self.SFT_shift_conv0(condition), self.slope))
        return x * (scale + self.unit) + shift


class Block(nn.Module):
    """Residual block. The two official variants differ in where ReLU stands; without SFT layers it is SRResNet's."""

    def __init__(self, features, condition, torch_variant):
        super().__init__()
        self.torch_variant = torch_variant
        if condition:
            unit, slope = (0, 0.01) if torch_variant else (1, 0.1)
            self.sft0 = SFTLayer(features, condition, unit, slope)
            self.sft1 = SFTLayer(features, condition, unit, slope)
        self.conv0 = nn.Conv2d(features, features, 3, 1, 1)
        self.conv1 = nn.Conv2d(features, features, 3, 1, 1)

    def forward(self, x, condition):
        y = x
        if condition is not None:
            y = self.sft0(y, condition)
        if self.torch_variant:
            y = torch.relu(y)
        y = self.conv0(y)
        if not self.torch_variant:
            y = torch.relu(y)
        if condition is not None:
            y = self.sft1(y, condition)
        if self.torch_variant:
            y = torch.relu(y)
        return x + self.conv1(y)


class Generator(nn.Module):
    """SFT_Net (SFTGAN_noBN_OST_bg), SFT_Net_torch (SFTGAN_torch), or with condition=0 either of them without SFT."""

    def __init__(self, features=64, blocks=16, condition=32, width=128, classes=CLASSES, torch_variant=False):
        super().__init__()
        f, self.condition = features, condition
        unit, slope = (0, 0.01) if torch_variant else (1, 0.1)
        self.conv0 = nn.Conv2d(3, f, 3, 1, 1)
        branch = nn.ModuleDict({str(i): Block(f, condition, torch_variant) for i in range(blocks)})
        if condition:
            branch[str(blocks)] = SFTLayer(f, condition, unit, slope)
        branch[str(blocks + 1)] = nn.Conv2d(f, f, 3, 1, 1)
        self.sft_branch, self.blocks = branch, blocks
        if torch_variant:
            stages = [nn.Upsample(scale_factor=2), nn.Conv2d(f, f, 3, 1, 1), nn.ReLU()]
            stages += [nn.Upsample(scale_factor=2), nn.Conv2d(f, f, 3, 1, 1), nn.ReLU()]
        else:
            stages = [nn.Conv2d(f, 4 * f, 3, 1, 1), nn.PixelShuffle(2), nn.ReLU()]
            stages += [nn.Conv2d(f, 4 * f, 3, 1, 1), nn.PixelShuffle(2), nn.ReLU()]
        self.HR_branch = nn.Sequential(*stages, nn.Conv2d(f, f, 3, 1, 1), nn.ReLU(), nn.Conv2d(f, 3, 3, 1, 1))
        if condition:
            layers = [nn.Conv2d(classes, width, 4, 4)]
            for _ in range(3):
                layers += [nn.LeakyReLU(0.1), nn.Conv2d(width, width, 1)]
            self.CondNet = nn.Sequential(*layers, nn.LeakyReLU(0.1), nn.Conv2d(width, condition, 1))

    def condition_parameters(self):
        """What turns the prior into scale and shift: the condition net and the SFT layers."""
        return [p for name, p in self.named_parameters() if is_condition(name)]

    def forward(self, image, prior=None):
        """RGB `[n, 3, h, w]` and prior `[n, K, 4h, 4w]` to RGB `[n, 3, 4h, 4w]`, not clipped."""
        condition = self.CondNet(prior) if self.condition else None
        head = x = self.conv0(image)
        for i in range(self.blocks):
            x = self.sft_branch[str(i)](x, condition)
        if condition is not None:
            x = self.sft_branch[str(self.blocks)](x, condition)
        return self.HR_branch(head + self.sft_branch[str(self.blocks + 1)](x))


def is_condition(name):
    """Whether a parameter of that name belongs to the condition net or an SFT layer."""
    return name.startswith("CondNet") or "SFT_" in name


def initialise_condition(net, seed):
    """Fresh condition net and SFT layers: Kaiming at full scale, the last layer of each SFT branch a tenth of it.

    The official ×0.1 on all seven 1×1 layers between prior and scale lets the prior's say die within a few thousand steps.
    """
    generator = torch.Generator().manual_seed(seed)
    for name, p in net.named_parameters():
        if not is_condition(name):
            continue
        if p.dim() == 1:
            p.data.zero_()
        else:
            gain = 0.1 if name.endswith("conv1.weight") else 1.0
            p.data = torch.randn(p.shape, generator=generator) * gain * (2 / p[0].numel()) ** 0.5


# --- Segmentation networks ---------------------------------------------------------------------------------------------


def repeat_border(x, multiple):
    """Sides made a multiple of `multiple` by repeating the last row and column."""
    h, w = x.shape[2:]
    return F.pad(x, (0, -w % multiple, 0, -h % multiple), "replicate")


class Bottleneck(nn.Module):
    def __init__(self, before, mid, after, stride=1, dilation=1):
        super().__init__()
        self.res = nn.Sequential(
            nn.Conv2d(before, mid, 1, bias=False), nn.BatchNorm2d(mid), nn.ReLU(),
            nn.Conv2d(mid, mid, 3, stride, dilation, dilation, bias=False), nn.BatchNorm2d(mid), nn.ReLU(),
            nn.Conv2d(mid, after, 1, bias=False), nn.BatchNorm2d(after),
        )
        if before != after:
            self.proj = nn.Sequential(nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))

    def forward(self, x):
        return torch.relu(self.res(x) + (self.proj(x) if hasattr(self, "proj") else x))


class OutdoorSceneSeg(nn.Module):
    """The official segmentation network (segmentation_OST_bic.pth), a dilated ResNet-101."""

    def __init__(self, stem=(64, 64, 128), mids=(64, 128, 256, 512), outs=(256, 512, 1024, 2048), last=512, classes=CLASSES):
        super().__init__()
        layers, before = [], 3
        for i, width in enumerate(stem):
            layers += [nn.Conv2d(before, width, 3, 2 if i == 0 else 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
            before = width
        layers.append(nn.MaxPool2d(3, 2, 0, ceil_mode=True))
        for stage, (count, stride, dilation) in enumerate(((3, 1, 1), (4, 2, 1), (23, 1, 2), (3, 1, 4))):
            for i in range(count):
                layers.append(Bottleneck(before, mids[stage], outs[stage], stride if i == 0 else 1, dilation))
                before = outs[stage]
        layers += [nn.Conv2d(before, last, 3, 1, 1, bias=False), nn.BatchNorm2d(last), nn.ReLU(), nn.Dropout2d(0.1)]
        self.feature = nn.Sequential(*layers, nn.Conv2d(last, classes, 1))
        self.deconv = nn.ConvTranspose2d(classes, classes, 16, 8, 4, groups=classes, bias=False)

    def forward(self, image):
        """RGB in [0, 1], any size, to probabilities of the same size."""
        h, w = image.shape[2:]
        mean = torch.tensor((103.939, 116.779, 123.68), dtype=image.dtype)[None, :, None, None]
        x = repeat_border(image.flip(1) * 255 - mean, 8)
        return torch.softmax(self.deconv(self.feature(x)), 1)[:, :, :h, :w]

"""Our segmentation network: EfficientNet-Lite0 (Tan and Le, ICML 2019; without squeeze and excitation, ReLU6; Apache 2.0) as the encoder down to
1/32 of the picture, under the names of its checkpoint, the whole picture's mean, and a light decoder up to 1/4.
"""
import torch
from torch import nn
from torch.nn import functional as F

from . import files
from .depthwise import depthwise
from .networks import CLASSES, repeat_border

MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet
STEM = 32
# Of each block: side of the kernel, stride, what its width is multiplied by inside, width. The checkpoint has three more.
BLOCKS = (
    (3, 1, 1, 16), (3, 2, 6, 24), (3, 1, 6, 24), (5, 2, 6, 40), (5, 1, 6, 40), (3, 2, 6, 80), (3, 1, 6, 80),
    (3, 1, 6, 80), (5, 1, 6, 112), (5, 1, 6, 112), (5, 1, 6, 112), (5, 2, 6, 192), (5, 1, 6, 192),
)  # fmt: skip
TAPS = (2, 4, 10, 12)  # the blocks whose results the decoder looks at: 1/4, 1/8, 1/16, 1/32
STRIDE, MID = 32, 64


class Conv(nn.Conv2d):
    """Padded as TensorFlow does it: what is missing, the larger half at the bottom and right. Sides are multiples of the stride."""

    def forward(self, x):
        missing = self.kernel_size[0] - self.stride[0]
        first = missing // 2
        x = F.pad(x, (first, missing - first, first, missing - first)) if missing > 0 else x
        if self.groups > 1 and self.bias is None and x.device.type == "cpu" and torch.is_grad_enabled():
            return depthwise(x, self.weight, self.stride[0])
        return super().forward(x)


def conv(before, after, size, stride, groups, norm):
    return Conv(before, after, size, stride, groups=groups, bias=not norm)


class Block(nn.Module):
    """MBConv: wider by a 1×1 convolution, a depth-wise one, and narrow again; added to what came in where the shapes are equal."""

    def __init__(self, before, size, stride, wider, after, norm):
        super().__init__()
        inside, bn = before * wider, (lambda n: nn.BatchNorm2d(n, 1e-3, 0.01)) if norm else (lambda n: nn.Identity())
        if wider > 1:
            self._expand_conv, self._bn0 = conv(before, inside, 1, 1, 1, norm), bn(inside)
        self._depthwise_conv, self._bn1 = conv(inside, inside, size, stride, inside, norm), bn(inside)
        self._project_conv, self._bn2 = conv(inside, after, 1, 1, 1, norm), bn(after)
        self.wider, self.same = wider > 1, stride == 1 and before == after

    def forward(self, x):
        y = F.relu6(self._bn0(self._expand_conv(x))) if self.wider else x
        y = self._bn2(self._project_conv(F.relu6(self._bn1(self._depthwise_conv(y)))))
        return x + y if self.same else y


class Lite0(nn.Module):
    """Features at 1/4, 1/8, 1/16 and 1/32 of a picture. `path` is the checkpoint."""

    def __init__(self, path=None, stem=STEM, blocks=BLOCKS, norm=True):
        super().__init__()
        self._conv_stem, self._bn0 = conv(3, stem, 3, 2, 1, norm), nn.BatchNorm2d(stem, 1e-3, 0.01) if norm else nn.Identity()
        widths = (stem, *(block[3] for block in blocks))
        self._blocks = nn.ModuleList(Block(before, *block, norm) for before, block in zip(widths, blocks))
        self.widths = [widths[tap + 1] for tap in TAPS]
        if path:
            state = files.read_checkpoint(path)
            files.load_into(self, {k: v for k, v in state.items() if k in self.state_dict()}, path)
        self.register_buffer("mean", torch.tensor(MEAN)[None, :, None, None], persistent=False)
        self.register_buffer("deviation", torch.tensor(DEVIATION)[None, :, None, None], persistent=False)

    def forward(self, picture):
        return self.after(-1, F.relu6(self._bn0(self._conv_stem((picture - self.mean) / self.deviation))))

    def after(self, block, x):
        """The features that come after those of a block."""
        found = []
        for i in range(block + 1, len(self._blocks)):
            x = self._blocks[i](x)
            if i in TAPS:
                found.append(x)
        return found


def convolution(before, after, size, norm):
    """As in the encoder, with a batch norm in the bias's place while it is trained."""
    if not norm:
        return nn.Conv2d(before, after, size, 1, size // 2)
    return nn.Sequential(nn.Conv2d(before, after, size, 1, size // 2, bias=False), nn.BatchNorm2d(after))


class Segmenter(nn.Module):
    """`norm` as it is trained, with batch norms; as it is used and shipped, `fold` has taken them away. `path`: the encoder's checkpoint."""

    def __init__(self, norm=False, path=None, stem=STEM, blocks=BLOCKS, mid=MID, classes=CLASSES):
        super().__init__()
        self.encoder = Lite0(path, stem, blocks, norm)
        self.across = nn.ModuleList(convolution(width, mid, 1, norm) for width in self.encoder.widths)
        self.whole = convolution(self.encoder.widths[-1], mid, 1, norm)
        self.f16, self.f8, self.f4 = (convolution(mid, mid, 3, norm) for _ in range(3))
        self.out = nn.Conv2d(mid, classes, 1)

    def decoded(self, a, b, c, d):
        """Features at 1/4, 1/8, 1/16 and 1/32 to logits at 1/4."""
        up = lambda x: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
        y = torch.relu(self.across[3](d) + self.whole(d.mean((2, 3), keepdim=True)))
        y = torch.relu(self.f16(torch.relu(up(y) + self.across[2](c))))
        y = torch.relu(self.f8(torch.relu(up(y) + self.across[1](b))))
        y = torch.relu(self.f4(torch.relu(up(y) + self.across[0](a))))
        return self.out(F.dropout2d(y, 0.1, self.training))

    def logits(self, image):
        """RGB in [0, 1] `[n, 3, h, w]` to logits `[n, K, h, w]`."""
        h, w = image.shape[2:]
        y = self.decoded(*self.encoder(repeat_border(image, STRIDE)))
        return F.interpolate(y, scale_factor=4, mode="bilinear", align_corners=False)[:, :, :h, :w]

    def forward(self, image):
        """RGB in [0, 1] `[n, 3, h, w]` to class probabilities `[n, K, h, w]`."""
        return torch.softmax(self.logits(image), 1)


def fold(net, plain):
    """A Segmenter trained with batch norms as `plain`, one without them that computes the same."""
    state, folded = net.state_dict(), {}
    eps = {name: m.eps for name, m in net.named_modules() if isinstance(m, nn.BatchNorm2d)}
    pairs = {"_conv_stem": "_bn0", "_expand_conv": "_bn0", "_depthwise_conv": "_bn1", "_project_conv": "_bn2", "0": "1"}
    for name in [n for n, m in net.named_modules() if isinstance(m, nn.Conv2d)]:
        parent, _, last = name.rpartition(".")
        bn = f"{parent}.{pairs.get(last)}"
        if bn not in eps:
            folded |= {f"{name}.{part}": state[f"{name}.{part}"] for part in ("weight", "bias")}
            continue
        gain = state[f"{bn}.weight"] / (state[f"{bn}.running_var"] + eps[bn]).sqrt()
        target = parent if last == "0" else name
        folded[f"{target}.weight"] = state[f"{name}.weight"] * gain[:, None, None, None]
        folded[f"{target}.bias"] = state[f"{bn}.bias"] - state[f"{bn}.running_mean"] * gain
    plain.load_state_dict(folded)
    return plain.eval()

"""Two perceptual distances, each comparable only to itself: VGG-19 (also the loss) and ESPNetv2's encoder (no generator learns
from it; `segment` starts from it).

Each in two forms, averaged over the layers. `distance`, also that of the loss: mean absolute difference of the features of two
pictures, over the mean absolute feature of the second one. `unit_distance`, after LPIPS (Zhang et al., CVPR 2018) but without
its learned weights: squared difference of the features of each place, both scaled to unit length.
"""
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from .failure import Failure

VGG_LAYERS = ("conv1_1", "conv1_2", "conv2_1", "conv2_2", "conv3_1", "conv3_2", "conv3_3", "conv3_4")
CAFFE_MEAN = (103.939, 116.779, 123.68)  # BGR


def distance(found, wanted):
    """Of two lists of feature maps."""
    return sum((a - b).abs().mean() / b.abs().mean() for a, b in zip(found, wanted)) / len(found)


def unit_distance(found, wanted):
    """Of two lists of feature maps `[n, c, h, w]`."""
    return sum((F.normalize(a) - F.normalize(b)).square().sum(1).mean() for a, b in zip(found, wanted)) / len(found)


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

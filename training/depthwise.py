"""Depth-wise convolution with gradients that are fast on a CPU, where PyTorch's own take several times as long as the forward pass:
those of 5×5 kernels by their weights, and in bf16 those of stride 2 by what came in. Everything in the order `channels_last` is fastest.
"""
import torch
from torch.nn import functional as F

FAST, SHIFT = 3, 2  # side of the kernels that are fast; a 5×5 kernel is covered by four of them, this far apart


def gradient(wanted, by, x, weight, stride):
    """Of the convolution's result, by what came in (`wanted` 0) or the weights (1); `by` is the loss's by that result."""
    mask = [wanted == 0, wanted == 1, False]
    return torch.ops.aten.convolution_backward(by, x, weight, None, [stride] * 2, [0, 0], [1, 1], False, [0, 0], len(weight), mask)[wanted]


def by_weights(by, x, weight, stride):
    """Each of a kernel's places has a gradient of its own, so a 5×5 kernel's is put together of four 3×3 kernels' on shifted pictures."""
    if weight.shape[-1] != FAST + SHIFT:
        return gradient(1, by, x, weight, stride)
    height, width = ((side - 1) * stride + FAST for side in by.shape[2:])
    small = weight[:, :, :FAST, :FAST].contiguous(memory_format=torch.channels_last)

    def corner(i, j):
        seen = x[:, :, i : i + height, j : j + width].contiguous(memory_format=torch.channels_last)
        return gradient(1, by, seen, small, stride)

    rows = [torch.cat((corner(i, 0)[..., :SHIFT], corner(i, SHIFT)), 3) for i in (0, SHIFT)]
    return torch.cat((rows[0][:, :, :SHIFT], rows[1]), 2)


class Depthwise(torch.autograd.Function):
    @staticmethod
    def forward(x, weight, stride):
        return F.conv2d(x, weight, None, stride, 0, 1, len(weight))

    @staticmethod
    def setup_context(ctx, inputs, output):
        x, weight, ctx.stride = inputs
        ctx.save_for_backward(x, weight)

    @staticmethod
    def backward(ctx, by):
        x, weight = ctx.saved_tensors
        by, into = by.contiguous(memory_format=torch.channels_last), None
        if ctx.needs_input_grad[0]:
            precise = torch.float32 if ctx.stride > 1 and x.dtype == torch.bfloat16 else x.dtype
            into = gradient(0, by.to(precise), x.to(precise), weight.to(precise), ctx.stride).to(x.dtype)
        return into, by_weights(by, x, weight, ctx.stride) if ctx.needs_input_grad[1] else None, None


def depthwise(x, weight, stride):
    """`x [n, c, h, w]` by `weight [c, 1, k, k]`, not padded: what F.conv2d with c groups makes of them, in the type of `x`."""
    return Depthwise.apply(x, weight.to(x.dtype), stride)

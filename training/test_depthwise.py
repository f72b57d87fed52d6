"""The gradients of depthwise.py are PyTorch's own."""
import unittest

import torch
from torch.nn import functional as F

from .depthwise import depthwise

SHAPES = ((3, 1), (3, 2), (5, 1), (5, 2))  # side of the kernel, stride


class DepthwiseTest(unittest.TestCase):
    def gradients(self, convolve, x, weight):
        x, weight = x.clone().requires_grad_(), weight.clone().requires_grad_()
        y = convolve(x, weight)
        by = torch.linspace(-1, 1, y.numel(), dtype=torch.float64).reshape(y.shape).sin().to(y.dtype)
        return y.detach(), *torch.autograd.grad(y, (x, weight), by)

    def compared(self, kind, tolerance):
        torch.manual_seed(1)
        for side, stride in SHAPES:
            for order in (torch.contiguous_format, torch.channels_last):
                x = torch.randn(2, 6, 13, 11).to(kind).contiguous(memory_format=order)
                weight = torch.randn(6, 1, side, side).to(kind).float()
                found = self.gradients(lambda x, w: depthwise(x, w, stride), x, weight)
                exact = self.gradients(lambda x, w: F.conv2d(x, w, None, stride, 0, 1, 6), x.double(), weight.double())
                for name, one, other in zip(("result", "by what came in", "by the weights"), found, exact):
                    self.assertLess((one - other).abs().max() / other.abs().max(), tolerance, (kind, side, stride, name))

    def test_gradients_are_pytorchs(self):
        self.compared(torch.float32, 1e-6)

    def test_gradients_in_bf16_are_as_near_as_that_type_is(self):
        self.compared(torch.bfloat16, 1e-2)

    def test_only_the_gradients_that_are_asked_for_are_computed(self):
        x, weight = torch.randn(1, 2, 7, 7), torch.randn(2, 1, 5, 5)
        for wanted in (x, weight):
            wanted.requires_grad_()
            depthwise(x, weight, 1).sum().backward()
            self.assertEqual((x.grad is not None, weight.grad is not None), (wanted is x, wanted is weight))
            wanted.requires_grad_(False)
            wanted.grad = None

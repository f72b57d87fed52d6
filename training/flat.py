"""All parameters of a network in one vector, with Adam on it, all on the device.

At batch 16 a step on a GPU is bound by the *number* of its kernels. With one vector, Adam, the running average and the cast to bf16
are a handful of kernels instead of a thousand. The modules of networks.py and discriminator.py give the names and the start; generate.py
and judges.py compute with the views, and tests hold them to the modules.
"""
import torch

LAST = torch.channels_last
ALIGNED = 64  # elements


class Flat:
    """Tensors by name in one float32 vector. Kernels lie there as [out, height, width, in]: a view of one is channels last."""

    def __init__(self, tensors, device):
        self.names, self.shapes = list(tensors), [tuple(t.shape) for t in tensors.values()]
        self.sizes = [t.numel() for t in tensors.values()]
        self.pieces, laid = [], []
        for t in tensors.values():
            t = t.detach().float().cpu()
            laid.append((t.permute(0, 2, 3, 1) if t.dim() == 4 else t).reshape(-1))
            # Every tensor begins at a multiple of ALIGNED: cuDNN's fast kernels ask for aligned addresses.
            self.pieces += [t.numel(), -t.numel() % ALIGNED]
            laid.append(torch.zeros(self.pieces[-1]))
        self.vector = torch.cat(laid).to(device)

    def views(self, vector):
        """Tensors by name; one `split`, so that the gradient of the vector is put together by one kernel."""
        found = {}
        for name, shape, part in zip(self.names, self.shapes, vector.split(self.pieces)[::2]):
            if len(shape) == 4:
                o, i, h, w = shape
                found[name] = part.view(o, h, w, i).permute(0, 3, 1, 2)
            else:
                found[name] = part.view(shape)
        return found

    def load(self, tensors):
        """Values of the same names and shapes, in place."""
        self.vector.copy_(Flat({n: tensors[n] for n in self.names}, self.vector.device).vector)


class Learner(Flat):
    """A Flat with Adam on it, all on the device: no step asks the host for anything, so a CUDA graph can hold it."""

    def __init__(self, tensors, device, betas, factor=lambda name: 1.0, clip=4.0):
        super().__init__(tensors, device)
        self.betas, self.clip = betas, clip
        parts = [torch.full((size + -size % ALIGNED,), float(factor(name))) for name, size in zip(self.names, self.sizes)]
        self.factor = torch.cat(parts).to(device)
        self.m, self.v = torch.zeros_like(self.vector), torch.zeros_like(self.vector)
        self.count, self.typical, self.rate = (torch.zeros((), device=device) for _ in range(3))

    def leaf(self, dtype):
        """The vector as something to differentiate by, and its tensors in `dtype` and in float32."""
        leaf = self.vector.detach().requires_grad_()
        exact = self.views(leaf)
        return leaf, self.views(leaf.to(dtype)) if dtype != torch.float32 else exact, exact

    def constant(self, dtype):
        exact = self.views(self.vector)
        return self.views(self.vector.to(dtype)) if dtype != torch.float32 else exact, exact

    @torch.no_grad()
    def update(self, gradient):
        """A step of Adam. A gradient that is not finite is left out; one several times its usual length is cut to that."""
        a, b = self.betas
        length = gradient.norm()
        fine = torch.isfinite(length)
        length = torch.where(fine, length, torch.zeros_like(length))
        limit = torch.where(self.typical > 0, self.clip * self.typical, length)
        gradient = torch.where(fine, gradient * (limit / (length + 1e-20)).clamp(max=1), torch.zeros_like(gradient))
        self.typical.copy_(torch.where(self.typical > 0, torch.lerp(self.typical, torch.minimum(length, limit), 0.02), length))
        self.count += 1
        self.m.lerp_(gradient, 1 - a)
        self.v.mul_(b).addcmul_(gradient, gradient, value=1 - b)
        first, second = 1 - torch.pow(a, self.count), 1 - torch.pow(b, self.count)
        step = (self.m / first) / ((self.v / second).sqrt() + 1e-10)
        self.vector.sub_(step * self.factor * (self.rate * fine))

    def state(self):
        """What a checkpoint keeps."""
        return {"vector": self.vector, "m": self.m, "v": self.v, "count": self.count, "typical": self.typical}

"""A teacher's pictures of some thousand crops, made once: where the teacher is many times as large as its student, most of a step would be
the teacher's. All of it lies on the device, and crops are drawn there."""
import torch

PART = 8  # crops that the teacher sees at once


class Lessons:
    """`count` crops, as bytes: of each the low resolution, the original, the prior, the label and the teacher's picture. So many more under
    a prior that is not theirs, where `other`."""

    @torch.no_grad()
    def __init__(self, trainer, count, other):
        self.device = trainer.device
        self.own = self.store(trainer, count, 0)
        self.other = self.store(trainer, count, PART) if other else None

    def store(self, trainer, count, other):
        parts = zip(*(trainer.taught(PART, other) for _ in range(-(-count // PART))))
        return [torch.cat([part if part.dtype == torch.long else byte(part) for part in kind]) for kind in parts]

    def batch(self, count, other):
        """`count` crops, the first `other` of them under another prior; left and right are exchanged in half of them."""
        some = [self.draw(store, n) for store, n in ((self.other, other), (self.own, count - other)) if n]
        return [torch.cat(parts) for parts in zip(*some)]

    def draw(self, store, n):
        draw = torch.rand(2, n, device=self.device)
        index = (draw[0] * len(store[0])).long().clamp(max=len(store[0]) - 1)
        turned = (draw[1] < 0.5)[:, None, None, None]
        turn = lambda x: torch.where(turned, x.flip(-1), x)
        return [x[index] if x.dtype == torch.long else turn(x[index].float() / 255) for x in store]


def byte(x):
    return (x.clamp(0, 1) * 255).round().byte()

"""The two kinds of step, and a step as one CUDA graph.

In the second kind the pull of each loss on the generated picture is computed apart and weighed **by its length**, in shares of VGG's:
with plain weights VGG pulls 40 times as hard as L1 of weight 1, and what an adversary says depends on how far it has learned.
"""
import torch
from torch.nn import functional as F

from . import judges
from .calm import calm
from .resize import SCALE

DETAIL = 10  # what the judge of texture sees is detail times this
PACE = 0.02  # of running means: of the pulls' lengths and of the mesh
CONSISTENCY = 0.5  # of L1 between the low resolutions, in the first kind of step


def first(t):
    """L1, and L1 between the low resolutions."""
    # A student is to see what a prior changes in its teacher's pictures.
    low, high, prior, _, wanted = t.lesson(t.config["batch"], t.config["wrong"] if t.teacher else 0)
    prior = t.enlarged(prior)
    leaf, w, exact = t.net.leaf(t.dtype)
    found = t.generate(w, exact, low, prior)
    clean = t.clean(low, high)
    pixel, lr = F.l1_loss(found, wanted), F.l1_loss(t.shrink(found), clean)
    (gradient,) = torch.autograd.grad(pixel + CONSISTENCY * lr, leaf)
    t.finish(t.net, gradient)
    with torch.no_grad():
        mse, lrmse = (found - wanted).square().mean(), (t.shrink(found) - clean).square().mean()
    t.note(pixel=pixel, lr=lr, mse=mse, lrmse=lrmse)


def second(t):
    """All losses, at `batch` crops and `wrong` of them once more under a prior that is not theirs; then the judges learn."""
    config = t.config
    b, wrong = config["batch"], config["wrong"]
    low, high, prior, label, wanted = t.lesson(b)
    prior = t.surer(prior)
    lows, priors, named = low, prior, label
    if wrong:
        other, its_class = t.other_priors(label[:wrong])
        lows = torch.cat((low, low[:wrong]))
        priors = torch.cat((prior, other[:, :, None, None].expand(-1, -1, *prior.shape[2:])))
        named = torch.cat((label, its_class))
    large = t.enlarged(priors)
    leaf, w, exact = t.net.leaf(t.dtype)
    made = t.generate(w, exact, lows, large)
    # The rest asks what the picture has beyond its low resolution, and that is the one from before it was degraded.
    low = t.clean(low, high)
    lows = torch.cat((low, low[:wrong])) if wrong else low

    rows, columns = t.offset()
    cut = lambda x: x.index_select(2, rows).index_select(3, columns)
    real, real_detail = cut(high), cut(t.detail(high))
    seen_prior = F.avg_pool2d(cut(large), SCALE)
    # Each loss is differentiated by the picture alone, so that they can be weighed there; then once through the generator.
    picture = made.detach().requires_grad_()
    by_picture = lambda loss: torch.autograd.grad(loss, picture)[0]

    perceptual = of_vgg(t, cut(picture)[:b], cut(wanted))
    pull_vgg = by_picture(perceptual)
    highs = torch.cat((high, high[:wrong])) if wrong else high
    regular, difference = t.regularity.loss(picture, highs)
    pull_regular = by_picture(regular)
    plain, numbers = plain_losses(t, picture, made, low, lows, high, wanted)
    pull_plain = by_picture(plain)
    shown = cut(picture)
    pull_judge = by_picture(of_judge(t, real, shown, named))
    made_detail = cut(t.detail(picture))
    patch = judges.spectral(t.patch.constant(torch.float32)[0], t.vectors, False)
    patch = {k: v.to(t.dtype) for k, v in patch.items()}
    verdict, _ = judges.judge_patches(patch, DETAIL * t.noisy(made_detail), seen_prior)
    pull_patch = by_picture(-verdict.mean())
    pull_texture = torch.zeros_like(pull_vgg)
    if wrong:
        t.texture.learn(real_detail, low, label)
        pull_texture = by_picture(t.texture.distance(cut(t.detail(picture[b:])), low[:wrong], named[b:]))

    share = shares(t, pull_vgg, pull_judge, pull_patch, pull_regular, pull_texture)
    grown = config["adversarial"] * share[1] * pull_judge + config["patch"] * share[2] * pull_patch
    grown = grown + config["texture"] * share[4] * pull_texture
    pull = pull_vgg + pull_plain + t.weight["regular"] * share[3] * pull_regular + t.ramp * grown
    (gradient,) = torch.autograd.grad(made, leaf, pull)
    t.finish(t.net, gradient)

    judge_loss = teach_judge(t, real, shown.detach(), label)
    patch_loss, verdict = teach_patch(t, real_detail, made_detail.detach(), seen_prior)
    t.mesh.lerp_(difference, PACE)
    with torch.no_grad():
        mse, lrmse = (made[:b] - wanted).square().mean(), (t.shrink(made) - lows).square().mean()
    numbers |= {"vgg": perceptual, "regular": regular, "judge": judge_loss, "patch": patch_loss, "mse": mse, "lrmse": lrmse}
    t.note(**numbers, real=verdict[:b].mean(), made=verdict[b:].mean())


def of_vgg(t, shown, wanted):
    """The mean over VGG-19 and, where it is there, VGG-16."""
    total = 0
    for vgg, loss, weights in t.vgg:
        with torch.no_grad():
            goal = vgg(wanted)
        total = total + loss(vgg(shown), goal, weights) / len(t.vgg)
    return total


def plain_losses(t, picture, made, low, lows, high, wanted):
    """Losses with weights of their own: L1, the low resolution, calm ground, and the least change under another prior."""
    config, b, wrong = t.config, t.config["batch"], t.config["wrong"]
    right = picture[:b]
    pixel, lr = F.l1_loss(right, wanted), F.l1_loss(t.shrink(picture), lows)
    even = calm(right, wanted)
    plain = said = torch.zeros((), device=t.device)
    if wrong:
        moved = (picture[b:] - made[:wrong].detach()).abs().mean((1, 2, 3))
        said = moved.detach().mean()
        least = config["change"] * t.detail(high[:wrong], low[:wrong]).abs().mean((1, 2, 3))
        plain = config["said"] * F.relu(least - moved).mean()
        # A prior says what texture is to look like, not that there is any: what is calm is so under every prior.
        even = even + calm(picture[b:], wanted[:wrong])
    plain = plain + t.weight["pixel"] * pixel + t.weight["consistency"] * lr + config["calm"] * even
    return plain, {"pixel": pixel, "lr": lr, "said": said, "calm": even}


def of_judge(t, real, shown, named):
    """More real than the real ones to the paper's discriminator, and of the class that the prior names."""
    judge, exact = t.judge.constant(t.dtype)
    with torch.no_grad():
        reality = judges.judge(judge, exact, t.noisy(real))[0]
    truth, kinds = judges.judge(judge, exact, t.noisy(shown))
    return judges.relativistic(truth, reality) + t.config["category"] * judges.of_class(kinds, named)


def shares(t, pull_vgg, pull_judge, pull_patch, pull_regular, pull_texture):
    """What each pull is to be multiplied with to be as long as VGG's, by running means of the lengths on the crops under their own
    priors; texture's on those under another."""
    b = t.config["batch"]
    length = lambda x: x.square().mean().sqrt()
    texture = length(pull_texture[b:]) if t.config["wrong"] else t.norms.new_ones(())
    now = torch.stack((*(length(x[:b]) for x in (pull_vgg, pull_judge, pull_patch, pull_regular)), texture))
    pace = torch.maximum(1 / (t.norm_steps + 1), torch.full_like(t.norm_steps, PACE))
    t.norms.lerp_(torch.where(torch.isfinite(now), now, t.norms), pace)
    t.norm_steps.add_(1)
    return t.norms[0] / t.norms.clamp(min=1e-12)


def teach_judge(t, real, shown, label):
    b = t.config["batch"]
    leaf, w, exact = t.judge.leaf(t.dtype)
    truth, kinds = judges.judge(w, exact, t.noisy(real))
    lie, lie_kinds = judges.judge(w, exact, t.noisy(shown))
    loss = judges.relativistic(truth, lie) + judges.of_class(kinds, label) + judges.of_class(lie_kinds[:b], label)
    t.finish(t.judge, torch.autograd.grad(loss, leaf)[0])
    return loss


def teach_patch(t, real_detail, made_detail, seen_prior):
    """Hinge; real detail under another prior counts as made, by `mismatch`."""
    b, wrong = t.config["batch"], t.config["wrong"]
    leaf, _, exact = t.patch.leaf(torch.float32)
    w = {k: v.to(t.dtype) for k, v in judges.spectral(exact, t.vectors, True).items()}
    details = DETAIL * t.noisy(torch.cat((real_detail, made_detail)))
    verdict, features = judges.judge_patches(w, details, torch.cat((seen_prior[:b], seen_prior)))
    loss = F.relu(1 - verdict[:b]).mean() + F.relu(1 + verdict[b:]).mean()
    if wrong:
        strange = judges.read_patches(w, features[:wrong], seen_prior[b:])
        # Real detail weighs as much as both kinds of made: else "made" everywhere is where a fresh judge comes to rest.
        loss = loss + t.config["mismatch"] * (F.relu(1 + strange).mean() + F.relu(1 - verdict[:b]).mean())
    t.finish(t.patch, torch.autograd.grad(loss, leaf)[0])
    return loss, verdict


class Graph:
    """A step as one CUDA graph, after some eager ones; on a CPU, or with `eager`, the step itself."""

    def __init__(self, step, trainer, eager):
        self.step, self.graph = lambda: step(trainer), None
        if trainer.device.type != "cuda" or eager:
            return
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(4):
                self.step()
        torch.cuda.current_stream().wait_stream(stream)
        torch.cuda.synchronize()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self.step()
        # A graph must do what a step does: move the weights by something finite, and draw other crops each time.
        seen = [trainer.net.vector.clone()]
        for _ in range(2):
            graph.replay()
            torch.cuda.synchronize()
            seen.append(trainer.net.vector.clone())
        one, other = seen[1] - seen[0], seen[2] - seen[1]
        if not torch.isfinite(seen[2]).all() or not one.abs().max() > 0 or not other.abs().max() > 0 or torch.equal(one, other):
            raise RuntimeError("the captured step does not train")
        self.graph = graph

    def __call__(self):
        self.graph.replay() if self.graph else self.step()

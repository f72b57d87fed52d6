"""The functions of one vector of parameters, held to the modules they stand for."""
import unittest

import torch

from . import generate, judges
from .discriminator import Discriminator
from .flat import Learner
from .condition import fold
from .networks import Generator, initialise_condition


class Functions(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(0)

    def near(self, a, b, limit=1e-5):
        self.assertLessEqual((a - b).abs().max(), limit * max(1.0, b.abs().max().item()))

    def test_the_generator_its_gradient_and_its_names_there_and_back(self):
        for sizes in ((8, 3, 4, 8), (8, 2, 0, 8)):
            net = Generator(*sizes)
            if net.condition:
                initialise_condition(net, 1)
            tensors, blocks = generate.pack_generator(net.state_dict())
            flat = Learner(tensors, "cpu", (0.9, 0.99))
            low, prior = torch.rand(2, 3, 6, 5), torch.softmax(torch.randn(2, 8, 24, 20), 1) if net.condition else None
            with torch.no_grad():
                self.near(generate.generate(*flat.constant(torch.float32), low, prior, blocks), net(low, prior))
            back, state = generate.unpack_generator(flat.views(flat.vector), blocks), net.state_dict()
            self.assertEqual(back.keys(), state.keys())
            for name, value in state.items():
                self.assertTrue(torch.equal(back[name], value), name)
            leaf, w, exact = flat.leaf(torch.float32)
            (gradient,) = torch.autograd.grad(generate.generate(w, exact, low, prior, blocks).square().mean(), leaf)
            net(low, prior).square().mean().backward()
            found = generate.unpack_generator(flat.views(gradient), blocks)
            for name, p in net.named_parameters():
                size = p.grad.abs().max().clamp(min=1e-8)
                self.near(found[name] / size, p.grad / size, 1e-4)

    def test_a_condition_path_is_folded_into_the_convolutions_under_one_prior_or_the_mean_of_several(self):
        net, plain = Generator(8, 3, 4, 8), Generator(8, 3, 0, 8)
        initialise_condition(net, 1)
        for name, p in net.named_parameters():
            if name.endswith("conv1.bias"):
                p.data = 0.1 * torch.randn(p.shape)  # shifts, too
        low, priors = torch.rand(1, 3, 24, 24), torch.softmax(torch.randn(2, 8), 1)
        inner = lambda x: x[:, :, 40:-40, 40:-40]  # what the border does not reach
        pictures = []
        with torch.no_grad():
            for prior in priors:
                plain.load_state_dict(fold(net, prior[None]))
                pictures.append(net(low, prior[None, :, None, None].expand(-1, -1, 96, 96)))
                self.near(inner(plain(low)), inner(pictures[-1]))
            self.assertGreater((inner(pictures[0]) - inner(pictures[1])).abs().max(), 1e-3)
            one, other, both = (fold(net, p) for p in (priors[:1], priors[1:], priors))
        for name, tensor in both.items():
            self.near(tensor, (one[name] + other[name]) / 2)

    def test_nearest_neighbour_upsampling_is_exported_as_a_pixel_shuffle_and_read_back_as_what_it_was(self):
        net = Generator(8, 2, 0, 8)
        tensors, blocks = generate.pack_generator(net.state_dict(), nearest=True)
        flat = Learner(tensors, "cpu", (0.9, 0.99))
        official, low = generate.unpack_generator(flat.views(flat.vector), blocks), torch.rand(2, 3, 6, 5)
        net.load_state_dict(official)
        with torch.no_grad():
            self.near(generate.generate(*flat.constant(torch.float32), low, None, blocks), net(low, None))
        for name, tensor in generate.pack_generator(official, nearest=True)[0].items():
            self.near(tensor, tensors[name])

    def test_the_discriminator(self):
        judge = Discriminator(8).train()
        state = {k: v for k, v in judge.state_dict().items() if "running" not in k and "batches" not in k}
        picture = torch.rand(3, 3, 96, 96)
        with torch.no_grad():
            for a, b in zip(judges.judge(*Learner(state, "cpu", (0.5, 0.99)).constant(torch.float32), picture), judge(picture)):
                self.near(a, b)

    def test_the_judge_of_texture_has_kernels_of_norm_one_and_reads_the_prior(self):
        w, vectors = judges.new_patch_judge(4, 8, 1)
        for _ in range(50):
            normed = judges.spectral(w, vectors, True)
        for name in vectors:
            matrix = normed[name].permute(0, 2, 3, 1).reshape(len(vectors[name]), -1)
            self.assertAlmostEqual(torch.linalg.matrix_norm(matrix, 2).item(), 1, delta=0.03)
        detail, prior = torch.randn(2, 3, 96, 96), torch.zeros(2, 8, 24, 24)
        plain, features = judges.judge_patches(normed, detail, prior)
        prior[:, 3] = 1
        self.assertEqual(tuple(plain.shape), (2, 24, 24))
        self.assertGreater((judges.read_patches(normed, features, prior) - plain).abs().max(), 0)

    def test_adam_in_one_vector_is_adam_and_leaves_out_what_is_not_finite(self):
        p = torch.nn.Parameter(torch.randn(5, 7))
        flat, adam = Learner({"p": p}, "cpu", (0.9, 0.99), clip=1e9), torch.optim.Adam([p], 1e-2, (0.9, 0.99), eps=1e-10)
        flat.rate.fill_(1e-2)
        for _ in range(5):
            leaf, w, _ = flat.leaf(torch.float32)
            flat.update(torch.autograd.grad((w["p"] ** 3).sum(), leaf)[0])
            adam.zero_grad()
            (p**3).sum().backward()
            adam.step()
        self.near(flat.views(flat.vector)["p"], p.detach())
        before = flat.vector.clone()
        flat.update(torch.full_like(before, float("nan")))
        self.assertTrue(torch.equal(flat.vector, before))

    def test_more_real_than_real_costs_nothing_and_crops_of_no_class_count_for_nothing(self):
        self.assertLess(judges.relativistic(torch.full((4,), 20.0), torch.full((4,), -20.0)), 1e-6)
        logits = torch.tensor([[0.0, 9.0], [9.0, 0.0]])
        self.assertEqual(judges.of_class(logits, torch.tensor([0, 0])), 0)
        self.assertLess(judges.of_class(logits, torch.tensor([1, 0])), 1e-3)


if __name__ == "__main__":
    unittest.main()

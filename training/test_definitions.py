"""Definitions of what is measured and asked for, against the product's fixtures and what is known of them."""
import json
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from PIL import Image

from .calm import calm
from .depth import depth_of
from .features import NAMES16, small_vgg16, vgg16, vgg19
from .lpips import LPIPS
from .measure import mean
from .metrics import psnr, spectrum, ssim
from .perceptual import distance, unit_distance, unit_loss
from .pictures import split
from .regularity import REACH, Regularity, compare
from .resize import degrade, enlarge
from .steps import plain_losses
from .testing import FIXTURES, tensor, write_networks
from .texture import LAYERS, Texture


def pattern(height, width):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return (7 * y + 3 * x + 50 * c + ((x * y) % 17) * 4) % 256


def disturbed(picture):
    y, x, c = np.meshgrid(*map(np.arange, picture.shape), indexing="ij")
    return np.clip(picture + ((5 * x + 11 * y + c) % 13) - 6, 0, 255)


class Definitions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = Path(cls.folder.name)
        write_networks(cls.root, np.random.default_rng(1))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_metrics_are_those_of_the_product(self):
        expected = json.loads((FIXTURES / "image-expected.json").read_text())
        a, b = (tensor(x / 255) for x in (pattern(25, 31), disturbed(pattern(25, 31))))
        self.assertAlmostEqual(psnr(a, b), expected["psnr"]["disturbed"], 9)
        self.assertAlmostEqual(ssim(a, b), expected["ssim"]["disturbed"], 9)

    def test_resizing_is_that_of_the_authors(self):
        high = tensor(np.array(Image.open(FIXTURES / "image-hr.png").convert("RGB")) / 255)
        low = tensor(np.load(FIXTURES / "image-lr_float.npy"))
        self.assertLess((degrade(high) - low).abs().max(), 1e-6)
        self.assertLess((enlarge(low) - tensor(np.load(FIXTURES / "image-bicubic_up.npy"))).abs().max(), 1e-6)

    def test_a_mesh_costs_much_on_calm_ground_and_little_in_texture(self):
        generator = torch.Generator().manual_seed(2)
        mesh = torch.zeros(1, 3, 48, 48)
        mesh[:, :, ::2, ::2] = 4 / 255
        even, rough = torch.full((1, 3, 48, 48), 0.5), torch.rand(1, 3, 48, 48, generator=generator)
        self.assertEqual(calm(even, even), 0)
        self.assertAlmostEqual(calm(even + mesh, even).item(), mesh.mean().item(), places=6)
        self.assertLess(calm(rough + mesh, rough), mesh.mean() / 100)

    def test_calm_ground_is_to_be_calm_under_another_prior_too(self):
        trainer = SimpleNamespace(config={"batch": 2, "wrong": 1, "calm": 20.0, "said": 0.0, "change": 0.5}, device="cpu")
        trainer.weight = {"pixel": 0.0, "consistency": 0.0}
        trainer.shrink = degrade
        trainer.detail = lambda high, low: high - enlarge(low)
        generator = torch.Generator().manual_seed(2)
        high = torch.cat((torch.full((1, 3, 48, 48), 0.5), torch.rand(1, 3, 48, 48, generator=generator)))
        low, grain = degrade(high), 0.02 * torch.rand(3, 48, 48, generator=generator)

        def pull(crop, at):
            """How hard crop `at` of three, two under their own priors and the first once more, is pulled for grain on it."""
            highs = high[[crop, 1 - crop]]
            made = torch.cat((highs, highs[:1]))
            made[at] += grain
            picture, lows = made.clone().requires_grad_(), low[[crop, 1 - crop, crop]]
            loss, _ = plain_losses(trainer, picture, made, low[[crop, 1 - crop]], lows, highs, highs)
            return torch.autograd.grad(loss, picture)[0][at].abs().mean().item()

        self.assertAlmostEqual(pull(0, 2), 20 / high[0].numel(), places=6)
        self.assertAlmostEqual(pull(0, 0), 20 / high.numel(), places=6)
        self.assertLess(pull(1, 2), pull(0, 2) / 100)

    def test_distances_are_zero_of_the_same_and_the_unit_one_does_not_see_strength(self):
        features = torch.rand(2, 4, 5, 5, generator=torch.Generator().manual_seed(3))
        self.assertEqual(distance([features], [features]), 0)
        self.assertAlmostEqual(distance([3 * features], [features]).item(), 2, places=5)
        self.assertAlmostEqual(unit_distance([3 * features], [features]).item(), 0, places=9)
        self.assertAlmostEqual(unit_distance([-features, features], [features, features]).item(), 2, places=5)

    def test_distances_weigh_layers_and_the_unit_loss_sees_what_relu_leaves_and_is_finite_where_that_is_nothing(self):
        one, none = torch.ones(1, 2, 3, 3), torch.zeros(1, 2, 3, 3)
        self.assertAlmostEqual(distance([3 * one, one], [one, one], [1.0, 3.0]).item(), 0.5, places=6)
        self.assertAlmostEqual(unit_loss([-one], [none]).item(), 0, places=9)
        found = none.clone().requires_grad_()
        unit_loss([found], [one]).backward()
        self.assertTrue(torch.isfinite(found.grad).all())

    def test_depth_by_rule_is_near_at_the_bottom_and_far_in_the_sky(self):
        p = torch.zeros(1, 8, 10, 4)
        p[:, 1, :5], p[:, 3, 5:] = 1, 1
        p[:, :, 3:7, 1], p[:, 5, 3:7, 1] = 0, 1
        depth = depth_of(p)[0, 0]
        self.assertEqual(depth[0, 0], 1)
        self.assertLess(depth[9, 0], depth[5, 0])
        self.assertAlmostEqual(float(depth[3, 1]), float(depth[7, 0]), 5)

    def test_nothing_is_both_learned_from_and_held_out(self):
        learn, held = split(list(range(100)), 5, 3)
        self.assertEqual(sorted(learn + held), list(range(100)))
        self.assertEqual(held[:3], [12, 13, 14])

    def test_correlation_is_that_of_the_fourier_transform(self):
        tool, y = Regularity("cpu", torch.float64), torch.rand(1, 1, 66, 82, dtype=torch.float64)
        parts, _ = tool.windows(y)
        power = torch.fft.fft2(parts * tool.bell[:, None] * tool.bell).abs().square()
        wanted = torch.fft.ifft2(power).real
        wanted = torch.roll(wanted / wanted[..., :1, :1], (REACH, REACH), (-2, -1))[..., : 2 * REACH + 1, : 2 * REACH + 1]
        self.assertLess((tool.correlation(parts) - wanted).abs().max(), 1e-9)

    def test_a_mesh_that_changes_its_sign_every_four_pixels_is_seen_and_grain_is_not(self):
        generator = torch.Generator().manual_seed(5)
        tool, base = Regularity("cpu"), 0.5 + 0.05 * torch.randn(2, 1, 104, 104, generator=generator).expand(-1, 3, -1, -1)
        sign = 1 - 2 * (torch.arange(104) // 4 % 2).float()
        mesh = 0.03 * sign[:, None] * sign * (torch.arange(104) % 4 == 0).float()
        grained = base + 0.01 * torch.randn(base.shape, generator=generator)
        self.assertEqual(tool.loss(base, base)[0], 0)
        self.assertGreater(tool.loss(base + mesh, base)[0], tool.loss(grained, base)[0] + 0.1)
        self.assertEqual(compare(base[:1], base[:1])[0], 0)
        of = lambda pictures: [{"mesh": compare(x[None], y[None])[1]} for x, y in zip(pictures, base)]
        maps = [row["mesh"] for row in of(base + mesh)]
        self.assertGreater(mean(of(base + mesh))["mesh"], 3 * mean(of(grained))["mesh"])
        self.assertAlmostEqual(mean([{"mesh": maps[0]}, {"mesh": -maps[0]}])["mesh"], 0)
        self.assertGreater(compare((base + mesh)[:1], base[:1])[0], 2 * compare(grained[:1], base[:1])[0])

    def test_the_spectrum_says_in_which_band_detail_is_missing_or_too_much(self):
        picture = 0.5 + 0.1 * torch.randn(1, 1, 136, 104, generator=torch.Generator().manual_seed(6)).clamp(-3, 3).expand(-1, 3, -1, -1)
        self.assertEqual(set(spectrum(picture, picture).values()), {0.0})
        self.assertEqual(list(spectrum(picture, picture)), ["0.25–0.5", "0.5–0.75", "0.75–1"])
        half = spectrum(0.5 + 0.5 * (picture - 0.5), picture)
        self.assertTrue(all(abs(value + 6.02) < 0.1 for value in half.values()), half)
        smooth = spectrum(enlarge(degrade(picture)), picture)
        self.assertLess(smooth["0.5–0.75"], -10)

    def test_lpips_is_zero_of_the_same_and_grows_with_the_difference(self):
        lpips, generator = LPIPS(self.root / "lpips" / "lpips.npz"), torch.Generator().manual_seed(7)
        picture, grain = torch.rand(1, 3, 64, 48, generator=generator), torch.randn(1, 3, 64, 48, generator=generator)
        self.assertEqual(lpips(picture, picture), 0)
        self.assertLess(0, lpips(picture + 0.01 * grain, picture))
        self.assertLess(lpips(picture + 0.01 * grain, picture), lpips(picture + 0.1 * grain, picture))
        with self.assertRaisesRegex(Exception, "20 × 64: it needs at least 31"):
            lpips(picture[..., :20], picture[..., :20])

    def test_vgg16_packed_as_int8_keeps_its_features(self):
        path, picture = self.root / "vgg16" / "vgg16.npz", torch.rand(1, 3, 32, 32, generator=torch.Generator().manual_seed(8))
        arrays = small_vgg16(path)
        self.assertEqual({arrays[f"kernel{i}"].dtype for i in range(len(NAMES16))}, {np.dtype("int8")})
        np.savez(self.root / "small.npz", **arrays)
        layers = ("conv1_1", "conv3_3", "conv5_3")
        for a, b in zip(vgg16(self.root / "small.npz", layers)(picture), vgg16(path, layers)(picture)):
            self.assertLess((a - b).abs().mean() / b.abs().mean(), 0.05)

    def test_a_file_of_another_network_and_a_layer_that_is_not_there_are_named(self):
        with self.assertRaisesRegex(Exception, "is no VGG-19 npz"):
            vgg19(self.root / "vgg16" / "vgg16.npz", LAYERS)
        with self.assertRaisesRegex(Exception, "no layer conv9_9"):
            vgg19(self.root / "vgg19" / "vgg19.npz", ("conv9_9",))

    def test_the_texture_of_a_class_is_learned_from_its_crops_and_asked_for_when_enough_were_seen(self):
        texture = Texture(vgg19(self.root / "vgg19" / "vgg19.npz", LAYERS), 96, "cpu")
        generator = torch.Generator().manual_seed(4)
        rough = torch.rand(2, 3, 96, 96, generator=generator)
        flat = 0.5 + 0.01 * torch.rand(2, 3, 96, 96, generator=generator)
        detail, label = lambda x: x - enlarge(degrade(x)), lambda c: torch.tensor([c, c])
        for _ in range(4):
            self.assertEqual(texture.distance(detail(rough), degrade(rough), label(1)), 0)
            texture.learn(detail(rough), degrade(rough), label(3))
            texture.learn(detail(flat), degrade(flat), label(1))
        texture.learn(detail(rough), degrade(rough), label(0))
        self.assertEqual(texture.seen.tolist(), [0, 8, 0, 8, 0, 0, 0, 0])
        near, far = (texture.distance(detail(rough), degrade(rough), label(c)) for c in (3, 1))
        self.assertLess(near, 0.1)
        self.assertGreater(far, 10 * near)
        quiet = 0.5 + 0.5 * (rough - 0.5)  # a quarter of the contrast asks for a quarter of the texture
        self.assertLess(texture.distance(detail(quiet), degrade(quiet), label(3)), 0.2)


if __name__ == "__main__":
    unittest.main()

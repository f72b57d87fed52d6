"""Degraded pictures: each harm by its definition, all of them by name and seed."""
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from .crops import prepare
from .degradation import BLUR, EACH, JPEG, NOISE, blurred, compressed, degraded, draw, noisy
from .pictures import read_picture
from .resize import degrade, round8
from .testing import run, write_picture

GREY = torch.full((1, 3, 64, 64), 128 / 255)


class Degradation(unittest.TestCase):
    def test_blur_spreads_a_point_as_wide_as_its_sigma_and_keeps_an_even_tone(self):
        point = torch.zeros(1, 1, 41, 41)
        point[..., 20, 20] = 1
        for sigma in (0.5, 1.0, 2.0):
            found = blurred(point, sigma)
            y = torch.arange(41) - 20.0
            self.assertAlmostEqual(found.sum().item(), 1, 5)
            self.assertAlmostEqual((found.sum(-1)[0, 0] * y**2).sum().sqrt().item(), sigma, delta=0.05)
        self.assertLess((blurred(GREY, 1.0) - GREY).abs().max(), 1e-6)

    def test_noise_has_the_sigma_asked_for(self):
        found = 255 * (noisy(GREY, 7.0, np.random.default_rng(1)) - GREY)
        self.assertAlmostEqual(found.std().item(), 7, delta=0.2)
        self.assertAlmostEqual(found.mean().item(), 0, delta=0.2)

    def test_compression_loses_more_at_a_lower_quality_and_nothing_of_an_even_tone(self):
        random = np.random.default_rng(2)
        picture = round8(blurred(torch.from_numpy(random.random((1, 3, 64, 64))).float(), 1.0))
        errors = [(compressed(picture, quality) - picture).abs().mean().item() for quality in (95, 75, 50)]
        self.assertEqual(errors, sorted(errors))
        self.assertGreater(errors[0], 0)
        self.assertTrue(torch.equal(compressed(GREY, 50), GREY))

    def test_each_harm_is_drawn_within_its_limits_and_left_out_of_a_quarter(self):
        random = np.random.default_rng(3)
        for values, (low, high) in zip(zip(*(draw(random) for _ in range(2000))), ((0, BLUR), (0, NOISE), JPEG)):
            there = [value for value in values if value is not None]
            self.assertAlmostEqual(len(there) / 2000, EACH, delta=0.04)
            self.assertTrue(low < min(there) + 1 and max(there) <= high)

    def test_name_and_seed_say_what_happens_to_a_picture(self):
        low = round8(torch.from_numpy(np.random.default_rng(4).random((1, 3, 32, 32))).float())
        one = degraded(low, "a", 1)
        self.assertTrue(torch.equal(one, degraded(low, "a", 1)))
        self.assertFalse(torch.equal(one, degraded(low, "b", 1)) or torch.equal(one, degraded(low, "a", 2)))
        self.assertLess((one * 255 - (one * 255).round()).abs().max(), 1e-4)
        self.assertEqual(sum(torch.equal(degraded(low, str(i), 1, 0.0), low) for i in range(20)), 20)
        kept = sum(torch.equal(degraded(low, str(i), 1, 0.5), low) for i in range(200))
        self.assertTrue(75 < kept < 130, kept)

    def test_what_is_learned_from_is_degraded_by_the_share_and_the_original_never(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.png"
            write_picture(path, np.random.default_rng(5), 16)
            (clean, harmed) = (prepare(("a", path.read_bytes(), [1.0], 64, share, 7))[1][0] for share in (0.0, 1.0))
        self.assertTrue(np.array_equal(clean[0], harmed[0]))
        self.assertFalse(np.array_equal(clean[1], harmed[1]))

    def test_held_out_pictures_are_written_as_a_benchmark(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            for i in range(4):
                write_picture(folder / "in" / f"{i}.png", np.random.default_rng(i), 9)
            arguments = ("--pictures", folder / "in", "--every", 2, "--block", 1, "--side", 64)
            for out in ("one", "two"):
                status, text = run("degrade", *arguments, "--out", folder / out)
                self.assertEqual(status, 0, text)
            names = sorted(path.name for path in (folder / "one").iterdir())
            self.assertEqual(names, ["in-1.png", "in-1_lr.png", "in-3.png", "in-3_lr.png"])
            changed = 0
            for name in names:
                self.assertEqual((folder / "one" / name).read_bytes(), (folder / "two" / name).read_bytes())
                if name.endswith("_lr.png"):
                    high, low = (read_picture(folder / "one" / n)[None].float() / 255 for n in (name.replace("_lr", ""), name))
                    self.assertEqual(low.shape, (1, 3, 16, 16))
                    changed += not torch.equal(low, round8(degrade(high)))
            self.assertGreater(changed, 0)
            status, text = run("degrade", "--bench", folder / "one", "--out", folder / "again")
            self.assertEqual((status, len(list((folder / "again").iterdir()))), (0, 4), text)
            status, text = run("evaluate", "--bench", folder / "one")
            self.assertEqual(status, 0, text)
            status, text = run("degrade", "--out", folder / "none")
            self.assertEqual((status, text.count("\n")), (1, 1), text)
            self.assertIn("give --bench or --pictures", text)


if __name__ == "__main__":
    unittest.main()

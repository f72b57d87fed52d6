"""`guess`: labels of what networks are sure of."""
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from . import files
from .guess import labels_of, probabilities
from .lite0 import Segmenter
from .pictures import NOT_ANIMAL, UNKNOWN
from .testing import run, write_picture


class Guess(unittest.TestCase):
    def test_what_is_sure_is_labelled_and_the_rest_unknown(self):
        said = torch.zeros(8, 1, 3)
        said[2, 0, 0] = 0.95
        said[2, 0, 1], said[7, 0, 1] = 0.6, 0.4
        said[2, 0, 2], said[3, 0, 2] = 0.6, 0.4
        self.assertEqual(labels_of(said, 0.9, 0.02).tolist(), [[2, UNKNOWN, NOT_ANIMAL]])

    def test_the_mirror_image_counts_as_much(self):
        net = lambda x: torch.stack([x[:, 0], 1 - x[:, 0]], 1)
        picture = torch.randint(0, 256, (3, 40, 60), dtype=torch.uint8)
        said = probabilities(picture, [net])
        self.assertEqual(said.shape, (2, 40, 60))
        self.assertTrue(torch.allclose(said, probabilities(picture.flip(2), [net]).flip(2), atol=1e-6))

    def test_pictures_held_out_or_labelled_already_are_left_away(self):
        with tempfile.TemporaryDirectory() as folder:
            root, random = Path(folder), np.random.default_rng(1)
            for i in range(13 * 6):
                write_picture(root / "sr" / "photos" / f"{i:02}.png", random, 4)
            (root / "known").mkdir()
            Image.fromarray(np.zeros((4, 4), np.uint8)).save(root / "known" / "05.png")
            torch.manual_seed(0)
            files.write_safetensors(root / "net.safetensors", Segmenter().state_dict(), {})
            asked = ("guess", "--segment", root / "net.safetensors", "--data", root, "--known", root / "known")
            status, text = run(*asked, "--folder", "sr/photos", "--sure", "0", "--out", root / "out")
            self.assertEqual(status, 0, text)
            found = {path.stem for path in (root / "out").iterdir()}
            self.assertTrue(found and found <= {f"{i:02}" for i in (*range(66), *range(72, 78))} - {"05"})
            with Image.open(next((root / "out").iterdir())) as label, Image.open(next((root / "sr" / "photos").iterdir())) as picture:
                self.assertEqual((label.mode, label.size), ("L", picture.size))
            (root / "whole.txt").write_text("06.png water\n07.png no-animal\n")
            status, text = run(*asked, "--folder", "sr/photos", "--sure", "0", "--whole", root / "whole.txt", "--out", root / "again")
            self.assertEqual((status, found - {path.stem for path in (root / "again").iterdir()}), (0, {"06"} & found), text)
            with Image.open(root / "again" / "07.png") as label:
                self.assertFalse(np.isin(np.array(label), (7, UNKNOWN)).any())
            status, text = run(*asked, "--folder", "sr/snow", "--out", root / "out")
            self.assertEqual((status, "sr/snow" in text), (1, True))


if __name__ == "__main__":
    unittest.main()

"""`label`: regions and what is written of them become label pictures. Cutting into first pieces is scikit-image's and not tried here."""
import tempfile
import unittest
from pathlib import Path

import numpy as np
from PIL import Image

from .label import merged
from .testing import run, write_picture


class Label(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        write_picture(self.root / "pictures" / "a.png", np.random.default_rng(1), 2)
        regions = np.repeat(np.arange(4, dtype=np.uint8), 4)[None].repeat(16, 0)
        (self.root / "work" / "regions").mkdir(parents=True)
        Image.fromarray(regions).save(self.root / "work" / "regions" / "a.png")

    def tearDown(self):
        self.folder.cleanup()

    def paint(self, text):
        (self.root / "answers.txt").write_text(text)
        folders = ("--pictures", self.root / "pictures", "--work", self.root / "work", "--out", self.root / "labels")
        return run("label", "paint", "--answers", self.root / "answers.txt", *folders)

    def test_regions_become_the_classes_written_of_them_and_the_others_no_animal(self):
        status, text = self.paint("# by hand\na s:0 m:2-3\n")
        self.assertEqual(status, 0, text)
        with Image.open(self.root / "labels" / "a.png") as labels:
            self.assertEqual(np.array(labels)[0, ::4].tolist(), [1, 254, 4, 4])
        self.paint("a s:0 *:w\n")
        with Image.open(self.root / "labels" / "a.png") as labels:
            self.assertEqual(np.array(labels)[0, ::4].tolist(), [1, 2, 2, 2])

    def test_what_cannot_be_meant_is_one_message(self):
        cases = [
            ("a q:0", "'q:0'"),
            ("a s:0 m:0-1", "two classes of region 0 of a"),
            ("a s:7", "names region 7 of a, which has 4"),
            ("b s:0", "names b, of which there are no regions"),
        ]
        for line, sentence in cases:
            status, text = self.paint(line)
            self.assertEqual((status, text.count("\n")), (1, 1), text)
            self.assertIn(sentence, text)
        self.assertFalse((self.root / "labels").exists())

    def test_pieces_that_look_alike_are_merged_where_they_touch(self):
        pieces = np.arange(36).reshape(6, 6).repeat(5, 0).repeat(5, 1)
        values = np.zeros((30, 30, 1))
        values[:, 10:20] = 100.0
        regions = merged(pieces, values, 1.0, 36)
        self.assertEqual([len(np.unique(part)) for part in (regions, regions[:, :10], regions[:, 10:20], regions[:, 20:])], [3, 1, 1, 1])
        self.assertEqual(len(np.unique(merged(pieces, values, 1.0, 2))), 2)


if __name__ == "__main__":
    unittest.main()

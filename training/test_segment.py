"""Stage `segment` and what all commands share, on pictures made here: python3 -m unittest discover -s training -t . (from the root)."""
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from . import files
from .espnet import ESPNet
from .networks import Segmenter
from .testing import run, settings, write_picture


class Segment(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = root = Path(cls.folder.name)
        random = np.random.default_rng(1)
        for i in range(4):
            write_picture(root / "pictures" / f"{i}.png", random, 14)
            write_picture(root / "labelled" / "images" / f"{i}.png", random, 14)
            labels = random.choice([0, 1, 4, 7, 254, 255], (14, 14))
            (root / "labelled" / "labels").mkdir(exist_ok=True)
            Image.fromarray(np.kron(labels, np.ones((8, 8))).astype(np.uint8)).save(root / "labelled" / "labels" / f"{i}.png")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()


    def segment(self, folder, *more, changes=()):
        values = ["crop=32", "batch=2", "steps=4", "held_out_every=2", "log_every=2", "probe_every=4", 'schedule="constant"', *changes]
        return run("segment", "--run", self.root / folder, "--labelled", self.root / "labelled", *settings(values), *more)


    def test_segment_trains_and_exports_a_network_without_batch_norms(self):
        target = self.root / "new.safetensors"
        status, text = self.segment("segment", "--export", target)
        self.assertEqual(status, 0, text)
        self.assertIn("mIoU grey", text)
        tensors, metadata = files.read_safetensors(target)
        files.load_into(Segmenter(), tensors, target)
        self.assertEqual((metadata["architecture"], metadata["steps"], metadata["data"]), ("segmenter", "4", "labelled"))

    def test_segment_starts_from_a_pretrained_encoder(self):
        path, pretrained = self.root / "espnet.pth", ESPNet()
        unused = {"level5.weight": torch.zeros(1), "level2_0.eesp.module_act.weight": torch.zeros(96)}
        torch.save({f"base_net.{name}": value for name, value in (pretrained.state_dict() | unused).items()}, path)
        status, text = self.segment("pretrained", "--espnet", path, changes=["encoder_rate=0.0"])
        self.assertEqual(status, 0, text)
        learned = files.read_checkpoint(self.root / "pretrained" / "checkpoint.pth")["net"]
        for name, value in pretrained.named_parameters():
            self.assertTrue(torch.equal(learned[f"encoder.{name}"], value), name)

    def test_a_run_that_was_interrupted_continues_to_the_same_result(self):
        self.assertEqual(self.segment("whole-run")[0], 0)
        self.segment("halves", changes=["steps=2"])
        self.segment("halves")
        whole, halves = (files.read_checkpoint(self.root / folder / "checkpoint.pth") for folder in ("whole-run", "halves"))
        for part in ("net", "average"):
            for name, value in whole[part].items():
                self.assertTrue(torch.equal(value, halves[part][name]), f"{part} {name}")

    def test_a_run_continues_at_the_rate_of_its_config(self):
        self.segment("rate", changes=["steps=2"])
        self.segment("rate", changes=["steps=3", "rate=0.5", "encoder_rate=2.0"])
        state = files.read_checkpoint(self.root / "rate" / "checkpoint.pth")
        rates = lambda name: {group["base"] for group in state[name]["param_groups"]}
        self.assertEqual((rates("muon"), rates("adam")), ({0.5, 1.0}, {0.5, 1.0}))

    def test_bad_input_is_one_sentence_and_leaves_no_file(self):
        root = self.root
        cases = [
            (["--labelled", root / "none"], "there is no folder"),
            (["--labelled", root / "labelled", "--set", "crop=big"], "no TOML value"),
            (["--labelled", root / "labelled", "--set", "corp=32"], "no such key"),
            (["--labelled", root / "labelled", "--set", 'crop="32"'], "crop is a whole number, such as 256"),
            (["--labelled", root / "labelled", "--start", root / "labelled" / "images" / "0.png"], "no whole PyTorch checkpoint"),
        ]
        for i, (arguments, sentence) in enumerate(cases):
            status, text = run("segment", "--run", root / f"bad{i}", *arguments)
            self.assertEqual((status, text.count("\n")), (1, 1), text)
            self.assertIn(sentence, text)
            self.assertFalse((root / f"bad{i}").exists())

    def test_the_mean_of_two_weights_is_of_one_architecture(self):
        for name, value in (("one", 1.0), ("other", 3.0)):
            files.write_safetensors(self.root / f"{name}.safetensors", {"a": torch.full((2,), value)}, {"steps": "5"})
        files.write_safetensors(self.root / "third.safetensors", {"a": torch.zeros(3)}, {})
        target = self.root / "mean.safetensors"
        status, text = run("average", self.root / "one.safetensors", self.root / "other.safetensors", target)
        self.assertEqual(status, 0, text)
        self.assertEqual(files.read_safetensors(target)[0]["a"].tolist(), [2.0, 2.0])
        status, text = run("average", target, self.root / "third.safetensors", self.root / "no.safetensors")
        self.assertEqual(status, 1)
        self.assertIn("different architectures", text)

    def test_pictures_with_one_label_are_learned_from_and_a_bad_list_is_named(self):
        listing = self.root / "whole.txt"
        listing.write_text("# seen\n0.png mountain\n1.png no-animal\n")
        status, text = self.segment("whole", "--whole", listing, self.root / "pictures")
        self.assertEqual(status, 0, text)
        listing.write_text("0.png hill\n")
        status, text = self.segment("whole", "--whole", listing, self.root / "pictures")
        self.assertEqual((status, text.count("\n")), (1, 1), text)
        self.assertIn("'0.png hill'", text)

    def test_labels_of_the_wrong_size_or_class_are_named(self):
        for kind, labels, sentence in (
            ("size", np.zeros((5, 5)), "make them equal"),
            ("class", np.full((8, 8), 9), "has label 9"),
        ):
            folder = self.root / f"wrong-{kind}"
            for part in ("images", "labels"):
                (folder / part).mkdir(parents=True)
            for name in ("a", "b"):
                Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(folder / "images" / f"{name}.png")
                Image.fromarray(labels.astype(np.uint8)).save(folder / "labels" / f"{name}.png")
            status, text = run("segment", "--run", self.root / "wrong", "--labelled", folder)
            self.assertEqual(status, 1)
            self.assertIn(sentence, text)

    def test_a_checkpoint_of_another_network_is_refused(self):
        (self.root / "other").mkdir()
        torch.save({"stage": "sftgan", "step": 3}, self.root / "other" / "checkpoint.pth")
        status, text = self.segment("other")
        self.assertEqual((status, text.count("\n")), (1, 1), text)
        self.assertIn("is not of stage segment", text)

    def test_a_device_that_is_not_there_is_one_message(self):
        if torch.cuda.is_available():
            self.skipTest("there is a CUDA device")
        status, text = self.segment("nowhere", "--device", "cuda")
        self.assertEqual((status, text.count("\n")), (1, 1), text)
        self.assertIn("no CUDA device", text)

    def test_a_file_that_cannot_be_written_whole_is_not_written(self):
        target = self.root / "never.safetensors"
        with self.assertRaisesRegex(files.Failure, "not finite"):
            files.write_safetensors(target, {"a": torch.tensor([float("nan")])}, {})
        with self.assertRaises(files.Failure):
            files.replace(target, lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        self.assertEqual([p.name for p in self.root.iterdir() if "never" in p.name], [])


if __name__ == "__main__":
    unittest.main()

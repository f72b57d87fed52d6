"""Stage `segment` and what all commands share, on pictures made here: python3 -m unittest discover -s training -t . (from the root)."""
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from . import files
from .augment import recoloured
from .lite0 import Lite0, Segmenter, fold
from .metrics import Confusion
from .pictures import mends, read_labels
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
        values = ["crop=32", "crops=6", "batch=2", "steps=4", "held_out_every=2", "log_every=2", "probe_every=4", 'schedule="constant"', *changes]
        return run("segment", "--run", self.root / folder, "--labelled", self.root / "labelled", *settings(values), *more)


    def test_segment_trains_and_exports_a_network_without_batch_norms(self):
        target = self.root / "new.safetensors"
        status, text = self.segment("segment", "--export", target)
        self.assertEqual(status, 0, text)
        self.assertIn("mIoU grey", text)
        tensors, metadata = files.read_safetensors(target)
        files.load_into(Segmenter(), tensors, target)
        self.assertEqual((metadata["architecture"], metadata["steps"], metadata["data"]), ("segmenter", "4", "labelled"))
        status, text = run("fold", self.root / "segment" / "checkpoint.pth", self.root / "folded.safetensors")
        self.assertEqual(status, 0, text)
        folded, about = files.read_safetensors(self.root / "folded.safetensors")
        self.assertEqual((about["architecture"], about["classes"], about["steps"]), ("segmenter", metadata["classes"], "4"))
        self.assertTrue(all(torch.equal(folded[name], value) for name, value in tensors.items()))
        # Half as sure: the last layer takes the temperature in.
        self.segment("segment", "--export", self.root / "soft.safetensors", changes=["temperature=2.0"])
        soft, _ = files.read_safetensors(self.root / "soft.safetensors")
        self.assertTrue(torch.allclose(2 * soft["out.weight"], tensors["out.weight"], atol=1e-3))

    def test_what_teachers_say_is_learned_beside_the_labels_or_alone(self):
        teacher = self.root / "teacher.safetensors"
        status, text = self.segment("teacher", "--export", teacher, changes=["seed=7"])
        self.assertEqual(status, 0, text)
        learned = {}
        for taught in (0.5, 1.0):
            for weight in (1.5, 9.0):  # of labels 254
                name = f"taught-{taught}-{weight}"
                status, text = self.segment(name, "--teachers", teacher, teacher, changes=[f"taught={taught}", f"not_animal={weight}"])
                self.assertEqual(status, 0, text)
                learned[taught, weight] = files.read_checkpoint(self.root / name / "checkpoint.pth")["net"]["out.weight"]
        self.assertTrue(torch.equal(learned[1.0, 1.5], learned[1.0, 9.0]))
        self.assertFalse(torch.equal(learned[0.5, 1.5], learned[0.5, 9.0]))
        self.assertFalse(torch.equal(learned[0.5, 1.5], learned[1.0, 1.5]))

    def test_the_pretrained_encoder_stays_down_to_where_it_is_frozen(self):
        path, pretrained = self.root / "encoder.pth", Lite0()
        torch.save(pretrained.state_dict() | {"_fc.weight": torch.zeros(1)}, path)
        for frozen, first in (("quarter", 3), ("eighth", 5), ("sixteenth", 11)):
            status, text = self.segment(frozen, "--encoder", path, "--cache", self.root / "crops", changes=[f'frozen="{frozen}"'])
            self.assertEqual(status, 0, text)
            learned = files.read_checkpoint(self.root / frozen / "checkpoint.pth")["net"]
            for name, value in pretrained.named_parameters():
                if not name.endswith("conv.weight"):
                    continue  # what batch norms after it undo may stay as well
                block = int(name.split(".")[1]) if name.startswith("_blocks") else 0
                self.assertEqual(torch.equal(learned[f"encoder.{name}"], value), block < first, name)

    def test_a_network_without_batch_norms_computes_the_same(self):
        torch.manual_seed(1)
        net = Segmenter(norm=True).train()
        with torch.no_grad():
            net(torch.rand(2, 3, 40, 70))
            net.eval()
            picture = torch.rand(1, 3, 33, 50)
            self.assertLess((fold(net, Segmenter())(picture) - net(picture)).abs().max(), 1e-4)

    def test_of_a_source_that_is_left_out_nothing_is_learned_and_all_is_measured(self):
        for name, level in (("other", 0.0), ("more", 1.0)):
            for i in range(4):
                write_picture(self.root / name / "images" / f"{i}.png", np.random.default_rng(i), 14)
                (self.root / name / "labels").mkdir(exist_ok=True)
                Image.fromarray(np.full((112, 112), 3, np.uint8)).save(self.root / name / "labels" / f"{i}.png")
        folders = [self.root / name for name in ("labelled", "other", "more")]
        values = ["crop=32", "crops=12", "batch=2", "steps=4", "held_out_every=2", "log_every=2", "probe_every=4"]
        for name in ("other", "more"):
            target = self.root / f"without-{name}.safetensors"
            arguments = ("--labelled", *folders, "--cache", self.root / "shared", "--leave-out", name, "--export", target)
            status, text = run("segment", "--run", self.root / f"without-{name}", *settings(values), *arguments)
            self.assertEqual(status, 0, text)
            self.assertNotIn(name, files.read_safetensors(target)[1]["data"].split(","))
        unseen = [f"{name}={self.root / f'without-{name}.safetensors'}" for name in ("other", "more")]
        status, text = run("evaluate", "--labelled", *folders, "--left-out", *unseen)
        self.assertEqual(status, 0, text)
        for row in ("| other (4) | colour |", "| more (4) | sepia |", "| all pixels | grey |", "| mean of sources | colour |"):
            self.assertIn(row, text)
        status, text = run("segment", "--run", self.root / "unknown", "--labelled", *folders, "--leave-out", "msrc", *settings(values))
        self.assertEqual((status, text.count("\n")), (1, 1), text)
        self.assertIn("there are labelled, other, more", text)

    def test_labels_by_hand_belong_to_the_source_their_folder_is_named_after(self):
        listing, target = self.root / "rest.txt", self.root / "hand.safetensors"
        listing.write_text("2.png no-animal\n3.png no-animal\n")
        for name, known in (("own", "labelled,whole"), ("labelled", "whole")):
            labels = self.root / "hand" / name
            labels.mkdir(parents=True)
            Image.fromarray(np.full((112, 112), 4, np.uint8)).save(labels / "2.png")
            more = ("--by-hand", labels, self.root / "pictures", "--whole", listing, self.root / "pictures")
            status, text = self.segment(f"hand-{name}", *more, "--leave-out", name, "--export", target, changes=["crops=24"])
            self.assertEqual(status, 0, text)
            self.assertEqual(files.read_safetensors(target)[1]["data"], known)
        (labels / "9.png").write_bytes((labels / "2.png").read_bytes())
        status, text = self.segment("hand-more", *more)
        self.assertEqual((status, text.count("\n")), (1, 1), text)
        self.assertIn("9.png has no picture in", text)

    def test_crops_of_a_source_stay_when_another_one_is_added_and_a_collection_is_left_out_with_all_its_sources(self):
        close, cache, target = self.root / "hand" / "labelled-close", self.root / "kept", self.root / "close.safetensors"
        close.mkdir(parents=True)
        for name in ("2", "3"):
            Image.fromarray(np.full((112, 112), 7, np.uint8)).save(close / f"{name}.png")
        self.assertEqual(self.segment("before", "--cache", cache)[0], 0)
        made, crops = (np.load(cache / "labelled" / f"{name}.npy") for name in ("made", "quarter"))
        more = ("--by-hand", close, self.root / "pictures", "--cache", cache, "--export", target)
        status, text = self.segment("after", *more)
        self.assertEqual((status, files.read_safetensors(target)[1]["data"]), (0, "labelled,labelled-close"), text)
        self.assertTrue(made.any())
        self.assertTrue(np.array_equal(crops[made == 1], np.load(cache / "labelled" / "quarter.npy")[made == 1]))
        status, text = self.segment("none", *more, "--leave-out", "labelled")
        self.assertEqual((status, text.count("\n")), (1, 1), text)
        self.assertIn("0 of", text)

    def test_less_light_darkens_every_colour_alike(self):
        config = {"light": 1, "grey": 0, "sepia": 0, "cast": 0}
        picture = torch.rand(3, 8, 8, generator=torch.Generator().manual_seed(1)) / 2 + 0.01
        ratios = [(recoloured(picture, np.random.default_rng(i), config) / picture).unique() for i in range(40)]
        for ratio in ratios:
            self.assertTrue(torch.allclose(ratio, ratio.mean(), atol=1e-4))
        self.assertLess(min(ratio.mean() for ratio in ratios), 0.5)
        self.assertGreater(max(ratio.mean() for ratio in ratios), 1.05)
        self.assertTrue(torch.equal(recoloured(picture, np.random.default_rng(1), config | {"light": 0}), picture))

    def test_crops_of_other_pictures_are_not_taken_for_these(self):
        cache = self.root / "mine"
        self.segment("mine-run", "--cache", cache)
        status, text = self.segment("yours-run", "--cache", cache, changes=["seed=9"])
        self.assertEqual((status, text.count("\n")), (1, 1), text)
        self.assertIn("another config", text)

    def test_the_calibration_error_is_how_much_too_sure_a_network_is(self):
        confusion = Confusion()
        probabilities = torch.tensor([[0.9, 0.9, 0.6, 0.6], [0.1, 0.1, 0.4, 0.4]])[:, None]
        confusion.see(probabilities, torch.tensor([[0, 0, 0, 1]], dtype=torch.uint8))
        self.assertAlmostEqual(confusion.calibration_error(), 0.5 * 0.1 + 0.5 * 0.1, places=6)
        self.assertAlmostEqual(confusion.accuracy(), 0.75)

    def test_whether_a_pixel_is_an_animal_is_asked_of_those_too_whose_class_is_not_known(self):
        confusion = Confusion()
        found = torch.tensor([7, 7, 0, 0, 7, 3, 7, 7])
        labels = torch.tensor([7, 7, 7, 0, 254, 254, 2, 255])
        confusion.add(found, labels)
        accuracy, mean_iou = confusion.animal_or_not()
        self.assertAlmostEqual(accuracy, 4 / 7)
        self.assertAlmostEqual(mean_iou, (2 / 5 + 2 / 5) / 2)

    def test_a_run_that_was_interrupted_continues_to_the_same_result(self):
        self.assertEqual(self.segment("whole-run")[0], 0)
        self.segment("halves", changes=["steps=2"])
        self.assertEqual(self.segment("halves")[0], 0)
        whole, halves = (files.read_checkpoint(self.root / folder / "checkpoint.pth") for folder in ("whole-run", "halves"))
        for part in ("net", "average"):
            for name, value in whole[part].items():
                self.assertTrue(torch.equal(value, halves[part][name]), f"{part} {name}")

    def test_a_run_whose_rate_falls_can_be_continued(self):
        for steps in (2, 3):
            status, text = self.segment("falling", changes=[f"steps={steps}", 'schedule="cosine"'])
            self.assertEqual(status, 0, text)

    def test_a_run_continues_at_the_rate_of_its_config(self):
        self.segment("rate", changes=["steps=2"])
        self.segment("rate", changes=["steps=3", "rate=0.5", "encoder_rate=2.0"])
        state = files.read_checkpoint(self.root / "rate" / "checkpoint.pth")
        self.assertEqual({group["base"] for group in state["adam"]["param_groups"]}, {0.5, 1.0})

    def test_bad_input_is_one_sentence_and_leaves_no_file(self):
        root = self.root
        cases = [
            (["--labelled", root / "none"], "there is no folder"),
            (["--labelled", root / "labelled", "--set", "crop=big"], "no TOML value"),
            (["--labelled", root / "labelled", "--set", "corp=32"], "no such key"),
            (["--labelled", root / "labelled", "--set", "crop=40"], "no multiple of 32"),
            (["--labelled", root / "labelled", "--set", 'frozen="half"'], "write one of quarter"),
            (["--labelled", root / "labelled", "--set", 'crop="32"'], "crop is a whole number, such as 256"),
            (["--labelled", root / "labelled", "--start", root / "labelled" / "images" / "0.png"], "no whole PyTorch checkpoint"),
        ]
        for i, (arguments, sentence) in enumerate(cases):
            status, text = run("segment", "--run", root / f"bad{i}", *arguments)
            self.assertEqual((status, text.count("\n")), (1, 1), text)
            self.assertIn(sentence, text)
            self.assertFalse((root / f"bad{i}").exists())

    def test_the_mean_is_of_any_number_of_weights_of_one_architecture(self):
        for name, value in (("one", 1.0), ("other", 3.0)):
            files.write_safetensors(self.root / f"{name}.safetensors", {"a": torch.full((2,), value)}, {"steps": "5"})
        torch.save({"average": {"a": torch.full((2,), 8.0), "norm.num_batches_tracked": torch.tensor(9)}, "step": 6}, self.root / "run.pth")
        files.write_safetensors(self.root / "third.safetensors", {"a": torch.zeros(3)}, {})
        target = self.root / "mean.safetensors"
        status, text = run("average", self.root / "one.safetensors", self.root / "other.safetensors", target)
        self.assertEqual(status, 0, text)
        self.assertEqual(files.read_safetensors(target)[0]["a"].tolist(), [2.0, 2.0])
        status, text = run("average", self.root / "one.safetensors", self.root / "run.pth", self.root / "other.safetensors", target)
        self.assertEqual(status, 0, text)
        tensors, metadata = files.read_safetensors(target)
        self.assertEqual({name: value.tolist() for name, value in tensors.items()}, {"a": [4.0, 4.0]})
        self.assertEqual(metadata["provenance"], "mean of states of 5, 6, 5 steps")
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

    def test_a_region_that_is_known_to_be_wrong_is_mended_and_no_other(self):
        place, (point, was, becomes) = next((place, regions[0]) for place, regions in mends().items() if len(regions) == 1)
        source, name = place.split("/")
        labels = np.full((point[1] + 20, point[0] + 20), 5, np.uint8)
        labels[point[1] - 1 : point[1] + 2, point[0] - 1 : point[0] + 2] = labels[-5:, -5:] = was
        for folder, stem, expected in ((source, name, becomes), (source, "another", was), ("another", name, was)):
            path = self.root / folder / "labels" / f"{stem}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(labels).save(path)
            found = read_labels(path, labels.shape).numpy()
            self.assertEqual((found == becomes).sum(), 9 if expected == becomes else 0)
            self.assertEqual((found[point[1], point[0]], found[-1, -1], found[0, 0]), (expected, was, 5))

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

"""Every stage on pictures made here, in seconds: python3 -m unittest training.test_training (from the project's root)."""
import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from . import files
from .antigrid import antigrid
from .augment import turn
from .calm import calm
from .command import main
from .depth import depth_of
from .espnet import ESPNet
from .metrics import grid, psnr, ssim
from .muon import Muon, orthogonal
from .networks import Generator, Segmenter, fold
from .perceptual import VGG_LAYERS, distance, unit_distance
from .pictures import split
from .resize import degrade, enlarge
from .texture import ClassTexture

PLAIN = ("srresnet", "twin")  # stages without condition net and SFT layers
FIXTURES = Path(__file__).resolve().parent.parent / "test" / "fixtures"
TINY = ["features=8", "blocks=1", "condition=4", "width=8", "batch=2", "crop=96", "steps=4", "log_every=2", "probe_every=4"]
TINY += ["probe_pictures=1", "probe_side=64", "held_out_every=2", "held_out_block=1", "scales=[1.0]"]


def pattern(height, width):
    y, x, c = np.meshgrid(np.arange(height), np.arange(width), np.arange(3), indexing="ij")
    return (7 * y + 3 * x + 50 * c + ((x * y) % 17) * 4) % 256


def disturbed(picture):
    y, x, c = np.meshgrid(*map(np.arange, picture.shape), indexing="ij")
    return np.clip(picture + ((5 * x + 11 * y + c) % 13) - 6, 0, 255)


def tensor(array):
    return torch.from_numpy(array).float().permute(2, 0, 1)[None]


def run(*arguments):
    """Exit status and what was printed."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        status = main([str(a) for a in arguments])
    return status, out.getvalue()


def settings(values):
    return [part for value in values for part in ("--set", value)]


def write_vgg(path, random):
    """A network of VGG's shape that has learned nothing."""
    widths, arrays, before = {"1": 64, "2": 128, "3": 256}, {}, 3
    for name in VGG_LAYERS:
        block, conv = name[4], name[6]
        arrays[f"block{block}_conv{conv}_kernel"] = random.normal(0, 0.05, (3, 3, before, widths[block])).astype(np.float32)
        arrays[f"block{block}_conv{conv}_bias"] = np.zeros(widths[block], np.float32)
        before = widths[block]
    np.savez(path, **arrays)


class Training(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = root = Path(cls.folder.name)
        random = np.random.default_rng(1)
        for part in ("pictures", "labelled/images", "labelled/labels"):
            (root / part).mkdir(parents=True)
        for i in range(4):
            picture = np.kron(random.integers(0, 256, (14, 14, 3)), np.ones((8, 8, 1))).astype(np.uint8)
            Image.fromarray(picture).save(root / "pictures" / f"{i}.png")
            Image.fromarray(picture).save(root / "labelled" / "images" / f"{i}.png")
            labels = random.choice([0, 1, 4, 7, 254, 255], (14, 14))
            Image.fromarray(np.kron(labels, np.ones((8, 8))).astype(np.uint8)).save(root / "labelled" / "labels" / f"{i}.png")
        write_vgg(root / "vgg.npz", random)
        torch.manual_seed(1)
        files.write_safetensors(root / "segment.safetensors", Segmenter().state_dict(), {})

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def generator(self, stage, folder, *more, changes=()):
        root = self.root
        common = ("--pictures", root / "pictures", "--segment", root / "segment.safetensors", "--vgg", root / "vgg.npz")
        return run(stage, "--run", root / folder, *common, *settings([*TINY, *changes]), *more)

    def segment(self, folder, *more, changes=()):
        values = ["crop=32", "batch=2", "steps=4", "held_out_every=2", "log_every=2", "probe_every=4", 'schedule="constant"', *changes]
        return run("segment", "--run", self.root / folder, "--labelled", self.root / "labelled", *settings(values), *more)

    def sftgan(self, folder, changes=()):
        return self.generator("sftgan", folder, changes=["discriminator_width=2", "adversary_after=1", 'schedule="constant"', *changes])

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
        for train, folder in ((self.segment, "seg"), (self.sftgan, "gan")):
            self.assertEqual(train(f"{folder}-whole")[0], 0)
            train(f"{folder}-halves", changes=["steps=2"])
            train(f"{folder}-halves")
            whole, halves = (files.read_checkpoint(self.root / f"{folder}-{part}" / "checkpoint.pth") for part in ("whole", "halves"))
            for part in ("net", "average"):
                for name, value in whole[part].items():
                    self.assertTrue(torch.equal(value, halves[part][name]), f"{folder} {part} {name}")

    def test_a_run_continues_at_the_rate_of_its_config(self):
        self.sftgan("rate", changes=["steps=2"])
        self.sftgan("rate", changes=["steps=3", "rate=0.5", "condition_rate=2", "discriminator_rate=0.25"])
        state = files.read_checkpoint(self.root / "rate" / "checkpoint.pth")
        rates = lambda name: [group["base"] for group in state[name]["param_groups"]]
        self.assertEqual((set(rates("muon")), set(rates("adam")), rates("opponent")), ({0.5, 1.0}, {0.5, 1.0}, [0.25]))

    def test_every_generator_stage_trains_and_exports_its_own_sizes(self):
        teacher = self.root / "teacher.safetensors"
        files.write_safetensors(teacher, Generator().state_dict(), {})
        for stage in ("srresnet", "psnr", "sftgan", "depth", "lite", "twin"):
            target = self.root / f"{stage}.safetensors"
            changes = ["discriminator_width=2"]
            changes += ["condition=0"] if stage in PLAIN else ["texture=0.1"] if stage in ("sftgan", "depth") else []
            more = ("--teacher", teacher) if stage == "lite" else ()
            status, text = self.generator(stage, stage, "--export", target, *more, changes=changes)
            self.assertEqual(status, 0, text)
            self.assertEqual("prior's say" in text, stage not in PLAIN)
            tensors, metadata = files.read_safetensors(target)
            self.assertEqual("CondNet.0.weight" in tensors, stage not in PLAIN)
            self.assertEqual(metadata["architecture"], "srresnet" if stage in PLAIN else "sft-net")
        status, text = run("evaluate", "--generators", f"a={self.root}/psnr.safetensors", f"b={self.root}/twin.safetensors",
                           "--segment", self.root / "segment.safetensors", "--vgg", self.root / "vgg.npz", "--every", 2, "--block", 1,
                           "--pictures", self.root / "pictures", "--labelled", self.root / "labelled", "--labelled-every", 2)  # fmt: skip
        self.assertEqual(status, 0, text)
        for word in ("bicubic", "shuffled", "modulation off", "sepia"):
            self.assertIn(word, text)

    def test_srresnet_needs_neither_segmentation_nor_vgg_and_the_others_say_so(self):
        pictures, changes = ("--pictures", self.root / "pictures"), settings([*TINY, "condition=0"])
        status, text = run("srresnet", "--run", self.root / "alone", *pictures, *changes)
        self.assertEqual(status, 0, text)
        status, text = run("psnr", "--run", self.root / "not-alone", *pictures, *settings(TINY))
        self.assertEqual((status, text.count("\n")), (1, 1), text)
        self.assertIn("needs --segment", text)

    def test_a_device_that_is_not_there_is_one_sentence(self):
        if torch.cuda.is_available():
            self.skipTest("there is a CUDA device")
        status, text = self.generator("psnr", "nowhere", "--device", "cuda")
        self.assertEqual((status, text.count("\n")), (1, 1), text)
        self.assertIn("no CUDA device", text)

    def test_bad_input_is_one_sentence_and_leaves_no_file(self):
        root = self.root
        cases = [
            (["--labelled", root / "none"], "there is no folder"),
            (["--labelled", root / "labelled", "--set", "crop=big"], "no TOML value"),
            (["--labelled", root / "labelled", "--set", "corp=32"], "no such key"),
            (["--labelled", root / "labelled", "--start", root / "vgg.npz"], "no whole PyTorch checkpoint"),
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

    def test_a_checkpoint_of_another_architecture_is_refused(self):
        self.generator("psnr", "sizes")
        status, text = self.generator("psnr", "sizes", changes=["features=4"])
        self.assertEqual(status, 1)
        self.assertIn("another architecture", text)
        status, text = self.generator("sftgan", "sizes")
        self.assertEqual(status, 1)
        self.assertIn("is not of stage sftgan", text)

    def test_a_file_that_cannot_be_written_whole_is_not_written(self):
        target = self.root / "never.safetensors"
        with self.assertRaisesRegex(files.Failure, "not finite"):
            files.write_safetensors(target, {"a": torch.tensor([float("nan")])}, {})
        with self.assertRaises(files.Failure):
            files.replace(target, lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        self.assertEqual([p.name for p in self.root.iterdir() if "never" in p.name], [])


class Definitions(unittest.TestCase):
    def test_metrics_are_those_of_the_product(self):
        expected = json.loads((FIXTURES / "image-expected.json").read_text())
        a, b = (tensor(x / 255) for x in (pattern(25, 31), disturbed(pattern(25, 31))))
        self.assertAlmostEqual(psnr(a, b), expected["psnr"]["disturbed"], 9)
        self.assertAlmostEqual(ssim(a, b), expected["ssim"]["disturbed"], 9)

    def test_a_step_of_muon_is_as_large_in_every_direction_and_of_adams_size(self):
        generator = torch.Generator().manual_seed(1)
        for shape in ((64, 27), (16, 144), (20, 20)):
            values = torch.linalg.svdvals(orthogonal(torch.randn(shape, generator=generator)))
            self.assertGreater(values.min(), 0.3 if shape[0] == shape[1] else 0.6)
            self.assertLess(values.max(), 1.3)
        kernel = torch.nn.Parameter(torch.zeros(32, 32, 3, 3))
        kernel.grad = torch.randn(kernel.shape, generator=generator)
        Muon([kernel], 0.01).step()
        self.assertAlmostEqual(kernel.detach().square().mean().sqrt().item(), 0.2 * 0.01, 3)

    def test_a_crop_and_its_maps_are_turned_alike_into_eight_positions(self):
        picture, seen = torch.arange(12.0).reshape(1, 3, 4), set()
        for seed in range(60):
            one, other = turn(np.random.default_rng(seed), picture, 2 * picture)
            self.assertTrue(torch.equal(2 * one, other))
            seen.add((one.shape, one.flatten()[0].item(), one.flatten()[1].item()))
        self.assertEqual(len(seen), 8)

    def test_resizing_is_that_of_the_authors(self):
        high = tensor(np.array(Image.open(FIXTURES / "image-hr.png").convert("RGB")) / 255)
        low = tensor(np.load(FIXTURES / "image-lr_float.npy"))
        self.assertLess((degrade(high) - low).abs().max(), 1e-6)
        self.assertLess((enlarge(low) - tensor(np.load(FIXTURES / "image-bicubic_up.npy"))).abs().max(), 1e-6)

    def test_a_regular_pattern_shows_in_the_grid_measure(self):
        flat = torch.rand(1, 3, 80, 80, generator=torch.Generator().manual_seed(1)) * 0.5
        pattern = flat.clone()
        pattern[:, :, ::4, ::4] += 0.3
        self.assertLess(grid(flat), 8)
        self.assertGreater(grid(pattern), 20)

    def test_the_antigrid_measure_is_for_what_goes_beyond_the_original(self):
        flat = torch.rand(1, 3, 96, 96, generator=torch.Generator().manual_seed(1)) * 0.5
        pattern = flat.clone()
        pattern[:, :, ::4, ::4] += 0.3
        self.assertEqual(antigrid(flat, pattern), 0)
        self.assertGreater(antigrid(pattern, flat), 0.2)
        coloured = flat.clone()
        coloured[:, 0, ::4, ::4] += 0.2
        coloured[:, 1:, ::4, ::4] -= 0.1  # the mean of the colours has no pattern
        self.assertGreater(antigrid(coloured, flat), 0.1)

    def test_a_mesh_costs_much_on_calm_ground_and_little_in_texture(self):
        generator = torch.Generator().manual_seed(2)
        mesh = torch.zeros(1, 3, 48, 48)
        mesh[:, :, ::2, ::2] = 4 / 255
        even, rough = torch.full((1, 3, 48, 48), 0.5), torch.rand(1, 3, 48, 48, generator=generator)
        self.assertEqual(calm(even, even), 0)
        self.assertAlmostEqual(calm(even + mesh, even).item(), mesh.mean().item(), places=6)
        self.assertLess(calm(rough + mesh, rough), mesh.mean() / 100)

    def test_the_texture_of_a_class_is_learned_from_its_crops_and_asked_for_under_other_priors_only(self):
        with tempfile.TemporaryDirectory() as folder:
            write_vgg(Path(folder) / "vgg.npz", np.random.default_rng(1))
            texture = ClassTexture(Path(folder) / "vgg.npz")
        generator = torch.Generator().manual_seed(4)
        rough = torch.rand(2, 3, 96, 96, generator=generator)
        flat = 0.5 + 0.01 * torch.rand(2, 3, 96, 96, generator=generator)
        random, label = np.random.default_rng(1), torch.tensor([3, 3])
        self.assertIsNone(texture.choose(label, random))
        for _ in range(4):
            texture.learn(rough, degrade(rough), label)
            texture.learn(flat, degrade(flat), torch.tensor([1, 1]))
        texture.learn(rough, degrade(rough), torch.tensor([0, 0]))
        self.assertEqual(texture.count.tolist(), [0, 8, 0, 8, 0, 0, 0, 0])
        self.assertEqual(texture.choose(label, random).tolist(), [1, 1])
        near, far = (texture.distance(rough, degrade(rough), torch.tensor([c, c])) for c in (3, 1))
        self.assertLess(near, 0.1)
        self.assertGreater(far, 10 * near)
        calm = 0.5 + 0.5 * (rough - 0.5)  # a quarter of the contrast asks for a quarter of the texture
        self.assertLess(texture.distance(calm, degrade(calm), torch.tensor([3, 3])), 0.2)

    def test_folding_keeps_what_the_segmenter_computes(self):
        torch.manual_seed(2)
        net, picture = Segmenter(norm=True), torch.rand(2, 3, 64, 64)
        net(picture)
        self.assertLess((net.eval()(picture) - fold(net)(picture)).abs().max(), 1e-5)

    def test_distances_are_zero_of_the_same_and_the_unit_one_does_not_see_strength(self):
        features = torch.rand(2, 4, 5, 5, generator=torch.Generator().manual_seed(3))
        self.assertEqual(distance([features], [features]), 0)
        self.assertAlmostEqual(distance([3 * features], [features]).item(), 2, places=5)
        self.assertAlmostEqual(unit_distance([3 * features], [features]).item(), 0, places=9)
        self.assertAlmostEqual(unit_distance([-features, features], [features, features]).item(), 2, places=5)

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


if __name__ == "__main__":
    unittest.main()

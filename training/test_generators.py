"""The generators' stages in miniature on a CPU, from packs of pictures made here."""
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from PIL import Image

from . import files
from .command import read_config
from .crops import read_pack
from .load import load_generator
from .lite0 import Segmenter
from .networks import Generator, initialise_condition
from .pictures import read_picture
from .resize import degrade, enlarge, round8
from .testing import run, settings, write_networks, write_picture

SIZES = dict(features=8, blocks=2, condition=4, width=8)
TINY = ["batch=2", "wrong=1", 'start=""', 'teacher=""', "judge_width=8", "patch_width=8", "scales=[1.0]", "look=2"]
TINY += [f"{key}={value}" for key, value in SIZES.items()]
enlarge_prior = lambda prior: torch.nn.functional.interpolate(prior, scale_factor=4, mode="bilinear", align_corners=False)
PLAIN = ("srresnet", "twin")  # stages without condition net and SFT layers


class Generators(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = root = Path(cls.folder.name)
        random = np.random.default_rng(1)
        cls.drawn = [write_picture(root / "data" / "seg" / "msrc" / "images" / f"{i:02}.png", random, 16) for i in range(12)]
        write_networks(root / "data", random)
        torch.manual_seed(1)
        files.write_safetensors(root / "weights" / "segment.safetensors", Segmenter().state_dict(), {})
        net = Generator(**SIZES)
        initialise_condition(net, 1)
        files.write_safetensors(root / "weights" / "psnr.safetensors", net.state_dict(), {})
        status, cls.packed = run("pack", "--data", root / "data", "--out", root / "packs")
        assert status == 0, cls.packed

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def stage(self, stage, folder, *more, changes=(), steps=2):
        changes = [*TINY, *(["condition=0", "wrong=0"] if stage in PLAIN else []), *changes]
        common = ("--weights", self.root / "weights", "--workers", 1, "--threads", 1, "--side", 48, "--device", "cpu")
        packs = () if "--packs" in more else ("--packs", self.root / "packs" / "pack-1.tar")
        limit = ("--steps", steps) if steps else ()
        return run(stage, "--run", self.root / folder, *packs, *common, *limit, *settings(changes), *more)

    def refused(self, message, *arguments, **more):
        """One message, and no file of the run."""
        status, text = self.stage("sftgan", "refused", *arguments, **more)
        self.assertEqual((status, text.strip().count("\n")), (1, text.strip().count(" s  ")), text)
        self.assertIn(message, text)
        self.assertFalse((self.root / "refused" / "sftgan.safetensors").exists())

    def test_packs_hold_no_picture_that_is_held_out_or_of_a_benchmark_or_looks_like_one(self):
        learned, common = dict(read_pack(self.root / "packs" / "pack-1.tar")), dict(read_pack(self.root / "packs" / "common.tar"))
        self.assertEqual(sorted(learned), [f"msrc/{i:02}.png" for i in range(12) if i != 9])
        self.assertEqual(sorted(common), ["held/msrc-09.png", "lpips.npz", "vgg16.npz", "vgg19.npz"])
        images = self.root / "repeated" / "seg" / "msrc" / "images"
        images.mkdir(parents=True)
        for path in (self.root / "data" / "seg" / "msrc" / "images").iterdir():
            (images / path.name).write_bytes(path.read_bytes())
        (images / "03.png").write_bytes((images / "09.png").read_bytes())
        bench = self.root / "repeated" / "bench" / "set"
        bench.mkdir(parents=True)
        (bench / "one.png").write_bytes((images / "05.png").read_bytes())
        status, text = run("pack", "--data", self.root / "repeated", "--out", self.root / "repeated-packs", "--limit", 0.01)
        self.assertEqual(status, 0, text)
        self.assertIn("9 pictures to learn from; 2 left out", text)
        one, two = (dict(read_pack(self.root / "repeated-packs" / f"pack-{i}.tar")) for i in (1, 2))
        self.assertLess(sum(map(len, one.values())), 0.01 * 2**20)
        self.assertFalse(one.keys() & two.keys())
        self.assertFalse({"msrc/03.png", "msrc/05.png"} & (one.keys() | two.keys()))

    def test_every_stage_trains_and_exports_its_own_sizes(self):
        for stage in ("srresnet", "psnr", "sftgan", "twin", "depth", "real"):
            start = ("--start", self.root / "sftgan" / "sftgan.safetensors") if stage == "twin" else ()  # its condition path folded away
            status, text = self.stage(stage, stage, *start, changes=["noise=0.01"] if stage == "sftgan" else [])
            self.assertEqual(status, 0, text)
            self.assertNotIn("evaluation failed", text)
            self.assertEqual("second 2:" in text, stage not in ("srresnet", "psnr"), text)
            path = self.root / stage / f"{stage}.safetensors"
            tensors, metadata = files.read_safetensors(path)
            load_generator(path)
            self.assertEqual("CondNet.0.weight" in tensors, stage not in PLAIN)
            self.assertEqual(metadata["architecture"], "srresnet" if stage in PLAIN else "sft-net")
            self.assertEqual(metadata.get("classes", "")[:4], {"depth": "near", "psnr": "back", "sftgan": "back", "real": "back"}.get(stage, ""))
            for name in (f"sheet-{stage}.png", "evaluation.md", *((f"priors-{stage}.png",) if stage not in PLAIN else ())):
                self.assertGreater((self.root / stage / name).stat().st_size, 500, name)
            for word in ("LPIPS", "VGG unit", "regular", "mesh", "power 0.25–0.5"):
                self.assertIn(word, text)

    def test_a_student_learns_from_its_teacher(self):
        teacher = ("--teacher", self.root / "weights" / "psnr.safetensors")
        status, text = self.stage("lite", "lite", *teacher, steps=4)
        self.assertEqual(status, 0, text)
        self.assertIn(f"teacher {teacher[1]}", text)
        status, text = self.stage("lite", "lessons", *teacher, changes=["lessons=9"], steps=4)
        self.assertEqual(status, 0, text)

    def test_a_teachers_pictures_are_what_it_makes_of_the_crops_drawn(self):
        from .crops import Crops, prepare
        from .load import load_segmenter
        from .trainer import Trainer

        items = read_pack(self.root / "packs" / "pack-1.tar")
        crops = Crops([prepare((*item, [1.0], 104, 0.0, 7)) for item in items], load_segmenter(self.root / "weights" / "segment.safetensors"), "cpu", 26)
        config = read_config(Path(__file__).parent / "configs" / "generators.toml", [*TINY, "adversary=false", "lessons=9"], "lite")
        paths = {"start": None, "teacher": self.root / "weights" / "psnr.safetensors"}
        lessons = Trainer(config, crops, torch.device("cpu"), torch.float32, paths, {}).lessons
        teacher = load_generator(paths["teacher"])
        own = 0
        for low, _, prior, _, wanted in (lessons.batch(8, 3) for _ in range(3)):
            self.assertEqual((low.shape, wanted.shape), ((8, 3, 26, 26), (8, 3, 104, 104)))
            self.assertLess((prior[:3].amax((2, 3)) - prior[:3].amin((2, 3))).max(), 1e-6)  # one prior everywhere
            own += (prior[3:].amax((2, 3)) - prior[3:].amin((2, 3))).max().item()
            for mirrored in (lambda x: x, lambda x: x.flip(-1)):
                with torch.no_grad():
                    found = mirrored(teacher(mirrored(low), enlarge_prior(mirrored(prior)))).clamp(0, 1)
                error = (found - wanted).abs().amax((1, 2, 3))
                best = error if mirrored(low) is low else torch.minimum(best, error)
            self.assertLess(best.max(), 0.02)
        self.assertGreater(own, 0)

    def test_priors_are_kept_for_the_next_run_of_the_same_segmentation_network(self):
        other, memo = self.root / "other-segment.safetensors", self.root / "memo"
        torch.manual_seed(5)
        files.write_safetensors(other, Segmenter().state_dict(), {})
        weights, pick = [], lambda name: (self.root / name / "sftgan.safetensors").read_bytes()
        for name, more in (("kept", ()), ("found", ()), ("torn", ()), ("other", ("--segment", other))):
            status, text = self.stage("sftgan", name, "--memo", memo, *more)
            self.assertEqual(status, 0, text)
            weights.append((pick(name), len(list(memo.iterdir()))))
            if name == "found":
                for path in memo.iterdir():
                    path.write_bytes(path.read_bytes()[:200])
        (kept, files_made), same, torn, changed = weights
        self.assertGreater(files_made, 0)
        self.assertEqual((same, torn), ((kept, files_made),) * 2)
        self.assertNotEqual(changed[0], kept)
        self.assertEqual(changed[1], 2 * files_made)
        source, target = self.root / "kept" / "sftgan.safetensors", self.root / "folded.safetensors"
        status, text = run("fold-condition", source, target, "--memo", memo)
        self.assertEqual(status, 0, text)
        self.assertFalse(load_generator(target).condition)
        self.assertEqual(files.read_safetensors(target)[1]["architecture"], "srresnet")
        self.assertNotIn("classes", files.read_safetensors(target)[1])
        for source, folder, message in ((target, memo, "no condition path"), (source, self.root / "nowhere", "fill it by a run with --memo")):
            status, text = run("fold-condition", source, self.root / "refused.safetensors", "--memo", folder)
            self.assertEqual((status, text.count("\n")), (1, 1), text)
            self.assertIn(message, text)
            self.assertFalse((self.root / "refused.safetensors").exists())
        self.assertEqual(self.stage("sftgan", "none", "--memo", memo, "--segment", self.root / "nowhere.safetensors")[0], 1)

    def test_priors_made_surer_keep_their_order_and_sum_up_to_one_class(self):
        from .trainer import Trainer

        torch.manual_seed(3)
        prior = torch.softmax(torch.randn(64, 8, 5, 5), 1)
        made = lambda share: Trainer.surer(SimpleNamespace(config={"surer": share}, device="cpu"), prior)
        self.assertLess((made(0.0) - prior).abs().max(), 1e-6)
        sure, some = made(1.0), made(0.5)
        self.assertLess((sure.sum(1) - 1).abs().max(), 1e-5)
        self.assertTrue(torch.equal(sure.argmax(1), prior.argmax(1)))
        self.assertTrue((sure.amax(1) >= prior.amax(1) - 1e-6).all())
        self.assertGreater(sure.amax(1).mean(), prior.amax(1).mean() + 0.2)
        changed = ((some - prior).abs().amax((1, 2, 3)) > 1e-3).float().mean()
        self.assertTrue(0.3 < changed < 0.7, changed)
        self.assertTrue(torch.isfinite(Trainer.surer(SimpleNamespace(config={"surer": 1.0}, device="cpu"), 0 * prior)).all())

    def test_the_same_command_continues_and_another_run_takes_the_judges(self):
        self.assertEqual(self.stage("sftgan", "on")[0], 0)
        status, text = self.stage("sftgan", "on")
        self.assertEqual(status, 0, text)
        self.assertIn("after {'first': 2, 'second': 2}", text)
        self.assertIn("second 4:", text)
        judges = [self.root / "on" / f"judges-{i}.safetensors" for i in (1, 2)]
        status, text = self.stage("sftgan", "taken", "--start", self.root / "on" / "sftgan.safetensors", "--judges", *judges)
        self.assertEqual(status, 0, text)
        self.assertIn("with the judges brought along", text)
        self.refused("give the judges of a run of these widths", "--judges", *judges, changes=["patch_width=4"])
        self.refused("and is none: give the judges", "--judges", judges[0])
        status, text = self.stage("sftgan", "on", changes=["judge_width=4"])
        self.assertEqual(status, 1)
        self.assertIn("is of another architecture", text)

    def test_a_run_by_the_clock_writes_what_there_is_before_its_end(self):
        status, text = self.stage("sftgan", "clock", "--seconds", 1e9, "--reserve", 1e9 - 1, steps=0)
        self.assertEqual(status, 1, text)
        self.assertIn("give more --seconds", text)
        from . import run as module

        begun = module.BEGUN
        module.BEGUN = module.time.time()
        try:
            status, text = self.stage("sftgan", "clock", "--seconds", 20, "--reserve", 1, "--log", 1, steps=0, changes=["hold=0.1"])
        finally:
            module.BEGUN = begun
        self.assertEqual(status, 0, text)
        self.assertIn("at 85 % of the time", text)

    def test_bad_input_is_one_message(self):
        root, packs = self.root, self.root / "packs"
        self.refused("there is no pack", "--packs", root / "none.tar", "--common", packs / "common.tar")
        self.refused("is no whole tar file", "--packs", root / "weights" / "psnr.safetensors", "--common", packs / "common.tar")
        self.refused("holds no picture", "--packs", self.tar("empty.tar", {}), "--common", packs / "common.tar")
        broken = self.tar("broken.tar", {"a.png": b"no picture"})
        self.refused("a.png is no picture that can be read", "--packs", broken, "--common", packs / "common.tar")
        self.refused("no picture of the packs has 104 pixels", changes=["scales=[0.5]"])
        self.refused("VGG-19 is not in the common pack", "--common", self.tar("bare.tar", {}))
        self.refused("no such key", changes=["bach=2"])
        self.refused("batch is a whole number, such as 2", changes=['batch="2"'])
        self.refused("has no tables [all] and [sftgan]", Path(__file__).parent / "configs" / "segment.toml")
        self.refused("another architecture", "--start", root / "weights" / "segment.safetensors")
        self.refused("there is no file", "--weights", root / "nowhere")
        status, text = run("pack", "--data", root / "weights", "--out", root / "nothing")
        self.assertEqual((status, text.count("\n")), (1, 1), text)
        self.assertIn("has none of the folders", text)

    def tar(self, name, contents):
        from .pack import write

        write(self.root / name, contents)
        return self.root / name

    def test_weights_are_measured_on_pictures_and_benchmarks(self):
        data, weights = self.root / "data", self.root / "weights"
        status, text = run("evaluate", "--generators", f"a={weights}/psnr.safetensors", "--segment", weights / "segment.safetensors",
                           "--vgg", data / "vgg19" / "vgg19.npz", "--lpips", data / "lpips" / "lpips.npz", "--every", 4, "--block", 1,
                           "--pictures", data / "seg" / "msrc" / "images", "--side", 64)  # fmt: skip
        self.assertEqual(status, 0, text)
        for word in ("bicubic", "shuffled", "modulation off", "LPIPS", "regular", "power 0.75–1"):
            self.assertIn(word, text)

    def test_a_blind_look_keeps_its_key_apart_and_counts_the_answers(self):
        import json

        weights, sheets, key = self.root / "weights", self.root / "sheets", self.root / "keys" / "key.json"
        arguments = ("--generators", f"a={weights}/psnr.safetensors", f"b={weights}/psnr.safetensors", "--segment", weights / "segment.safetensors",
                     "--pictures", self.root / "data" / "seg" / "msrc" / "images", "--every", 2, "--block", 1, "--side", 64, "--crops", 5)  # fmt: skip
        status, text = run("blind", "--key", key, "--out", sheets, *arguments)
        self.assertEqual(status, 0, text)
        self.assertEqual([path.name for path in sheets.iterdir()], ["blind-1.png"])
        sides = json.loads(key.read_text())
        self.assertEqual((len(sides), {tuple(sorted(pair)) for pair in sides}), (5, {("a", "b")}))
        answers = "".join("l" if left == "b" else "r" for left, _ in sides)
        status, text = run("blind", "--key", key, "--answers", answers)
        self.assertEqual((status, text), (0, "a 0, b 5 of 5\n"))
        for wrong, message in (
            (("--key", key, "--answers", "lr"), "the key has 5 crops"),
            (("--key", key, "--answers", "lrxlr"), "give a letter l or r"),
            (("--key", weights / "psnr.safetensors", "--answers", "l"), "is no key of a blind look"),
            (("--key", sheets / "key.json", "--out", sheets, *arguments), "lies among the sheets"),
            (("--key", key), "to make sheets give"),
        ):
            status, text = run("blind", *wrong)
            self.assertEqual((status, text.count("\n")), (1, 1), text)
            self.assertIn(message, text)

    def test_what_another_program_made_of_a_benchmark_is_measured_alike(self):
        bench, made, random = self.root / "bench", self.root / "made", np.random.default_rng(3)
        write_picture(bench / "a.png", random, 8)
        high = read_picture(bench / "a.png")[None].float() / 255
        save = lambda x, path: Image.fromarray((round8(x)[0] * 255).byte().permute(1, 2, 0).numpy()).save(path)
        save(degrade(high), bench / "a_lr.png")
        (made / "bench").mkdir(parents=True)
        save(enlarge(round8(degrade(high))), made / "bench" / "a.png")
        status, text = run("evaluate", "--bench", bench, "--results", f"other={made}")
        self.assertEqual(status, 0, text)
        one, other = (next(line for line in text.split("\n") if line.startswith(f"| {name} ")) for name in ("bicubic", "other"))
        self.assertEqual(one.split("|")[2:6], other.split("|")[2:6])
        save(high[..., :32], made / "bench" / "a.png")
        status, text = run("evaluate", "--bench", bench, "--results", f"other={made}")
        self.assertEqual((status, text.count("\n")), (1, 1), text)
        self.assertIn("is 32 × 64, the original 64 × 64", text)


if __name__ == "__main__":
    unittest.main()

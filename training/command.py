"""The command line: one entry per stage, and `evaluate` and `average`."""
import argparse
import datetime
import sys
import tomllib
from pathlib import Path

import torch

from . import files
from .failure import Failure
from .loop import Loop

HERE = Path(__file__).resolve().parent
STAGES = ("segment", "srresnet", "psnr", "sftgan", "depth", "twin", "lite")


def read_config(path, changes):
    """A TOML file, with `key=value` changes in TOML's own notation."""
    try:
        config = tomllib.loads(Path(path).read_text())
    except FileNotFoundError:
        raise Failure(f"there is no config {path}: check the name") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Failure(f"{path} is no TOML file: {error}") from None
    for change in changes:
        key, _, value = change.partition("=")
        if key not in config:
            raise Failure(f"--set {key}: {path} has no such key, it has {', '.join(sorted(config))}")
        try:
            config |= tomllib.loads(f"{key} = {value}")
        except tomllib.TOMLDecodeError:
            raise Failure(f"--set {change}: {value!r} is no TOML value; text needs quotes") from None
    return config


def build(config, options):
    if config["stage"] == "segment":
        from .segment import Segment

        return Segment(config, options)
    from .generator import GeneratorStage

    return GeneratorStage(config, options)


def parser_of_stages():
    parser = argparse.ArgumentParser(prog="python3 -m training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for stage in STAGES:
        p = commands.add_parser(stage, help=f"train stage {stage}")
        p.add_argument("config", nargs="?", type=Path, default=HERE / "configs" / f"{stage}.toml")
        p.add_argument("--run", type=Path, required=True, help="folder of this run: checkpoint, log, grids; continued if there")
        p.add_argument("--start", type=Path, help="weights to start from (.safetensors, .pth or a run's checkpoint)")
        p.add_argument("--labelled", type=Path, nargs="+", default=[], help="folders with images/ and labels/")
        p.add_argument("--whole", type=Path, nargs=2, metavar=("LIST", "FOLDER"), help="segment: pictures with one label each")
        p.add_argument("--pictures", type=Path, nargs="+", default=[], help="folders of high-resolution pictures")
        p.add_argument("--segment", type=Path, help="weights of the segmentation network that makes priors")
        p.add_argument("--vgg", type=Path, help="VGG-19 up to conv3_4, Keras npz")
        p.add_argument("--teacher", type=Path, help="stage lite: the generator it learns from")
        p.add_argument("--espnet", type=Path, help="segment: the pretrained ESPNetv2 s=2.0 its encoder starts from")
        p.add_argument("--minutes", type=float, help="stop after this long; the same command continues")
        p.add_argument("--threads", type=int, default=1)
        p.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
        p.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="change a value of the config")
        p.add_argument("--export", type=Path, help="at the end, write the averaged weights here as fp16 .safetensors")
    p = commands.add_parser("average", help="the mean of two weights files of one architecture")
    p.add_argument("sources", type=Path, nargs=2)
    p.add_argument("target", type=Path)
    from .evaluate import arguments

    arguments(commands)
    return parser


def export(stage, loop, path, options):
    tensors, metadata = stage.export()
    data = [folder.name for folder in (*options.labelled, *options.pictures, *(options.whole or ())[1:])]
    metadata |= {
        "provenance": f"python3 -m training {loop.config['stage']}",
        "start": options.start.name if options.start else "random",
        "data": ",".join(data),
        "steps": loop.step,
        "seed": loop.config["seed"],
        "date": datetime.date.today().isoformat(),
    }
    files.write_safetensors(path, tensors, metadata)
    print(f"{path}: {path.stat().st_size:,} bytes")


def average(sources, target):
    """The mean of two weights of one training line: between an earlier and a later state there is often a better one."""
    (one, first), (other, second) = (files.read_safetensors(path) for path in sources)
    if {k: v.shape for k, v in one.items()} != {k: v.shape for k, v in other.items()}:
        raise Failure(f"{sources[0]} and {sources[1]} are of different architectures: only weights of one can be averaged")
    metadata = second | {"provenance": f"mean of two states: {first.get('steps')} steps and {second.get('steps')} more"}
    metadata |= {"start": first.get("start", "unknown"), "steps": int(first.get("steps", 0)) + int(second.get("steps", 0))}
    files.write_safetensors(target, {name: (one[name] + other[name]) / 2 for name in one}, metadata)
    print(f"{target}: {target.stat().st_size:,} bytes")


def main(arguments):
    options = parser_of_stages().parse_args(arguments)
    try:
        if options.command == "evaluate":
            from .evaluate import evaluate

            evaluate(options)
            return 0
        if options.command == "average":
            average(options.sources, options.target)
            return 0
        torch.set_num_threads(options.threads)
        if options.device == "cuda" and not torch.cuda.is_available():
            raise Failure("--device cuda: this PyTorch finds no CUDA device; leave the option out for the CPU")
        config = read_config(options.config, options.set)
        if config.get("stage") != options.command:
            raise Failure(f"{options.config} is of stage {config.get('stage')}, not {options.command}: name its stage or another config")
        torch.manual_seed(config["seed"])
        stage = build(config, options)
        loop = Loop(options.run, stage, config)
        loop.run(options.minutes)
        if options.export:
            export(stage, loop, options.export, options)
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0

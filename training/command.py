"""The command line: one entry per stage, and `pack`, `label`, `guess`, `evaluate`, `degrade`, `blind`, `average`, `fold` and `fold-condition`."""
import argparse
import datetime
import json
import os
import sys
import tomllib
from pathlib import Path

import torch

from . import blind, condition, degradation, evaluate, files, guess, label, pack, run
from .failure import Failure
from .load import load_segmenter
from .loop import Loop
from .pictures import NAMES, collection
from .segment import Segment

HERE = Path(__file__).resolve().parent
KINDS = {int: "a whole number", float: "a number", bool: "true or false", str: "a text", list: "a list", dict: "a table"}
GENERATORS = ("srresnet", "psnr", "sftgan", "twin", "depth", "lite", "real")


def read_config(path, changes, stage=None):
    """A TOML file, with `key=value` changes in TOML's own notation; of a file of tables, `all` and then the stage's own."""
    try:
        config = tomllib.loads(Path(path).read_text())
    except FileNotFoundError:
        raise Failure(f"there is no config {path}: check the name") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Failure(f"{path} is no TOML file: {error}") from None
    if stage:
        if not isinstance(config.get("all"), dict) or not isinstance(config.get(stage), dict):
            raise Failure(f"{path} has no tables [all] and [{stage}]: see training/configs/generators.toml")
        config = config["all"] | config[stage] | {"stage": stage}
    for change in changes:
        key, _, value = change.partition("=")
        if key not in config:
            raise Failure(f"--set {key}: {path} has no such key, it has {', '.join(sorted(config))}")
        try:
            new = tomllib.loads(f"{key} = {value}")[key]
        except tomllib.TOMLDecodeError:
            raise Failure(f"--set {change}: {value!r} is no TOML value; text needs quotes") from None
        kinds = (int, float) if type(config[key]) is float else type(config[key])
        if not isinstance(new, kinds) or isinstance(new, bool) != isinstance(config[key], bool):
            raise Failure(f"--set {change}: {key} is {KINDS[type(config[key])]}, such as {json.dumps(config[key])}")
        config[key] = new
    return config


def common_arguments(p):
    p.add_argument("--run", type=Path, required=True, help="folder of this run, outside the project: the same one continues")
    p.add_argument("--start", type=Path, help="weights to start from (.safetensors, .pth or a run's checkpoint)")
    p.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="change a value of the config")


def parser_of_commands():
    parser = argparse.ArgumentParser(prog="python3 -m training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    p = commands.add_parser("segment", help="train the segmentation network")
    common_arguments(p)
    p.add_argument("config", nargs="?", type=Path, default=HERE / "configs" / "segment.toml")
    p.add_argument("--labelled", type=Path, nargs="+", default=[], help="folders with images/ and labels/")
    p.add_argument("--whole", type=Path, nargs=2, metavar=("LIST", "FOLDER"), help="pictures with one label each")
    p.add_argument("--by-hand", type=Path, nargs=2, action="append", default=[], metavar=("LABELS", "PICTURES"),
                   help="label pictures, such as training/labels/photos, and the folder of their photographs")  # fmt: skip
    p.add_argument("--encoder", type=Path, help="EfficientNet-Lite0's checkpoint, which its encoder starts from")
    p.add_argument("--teachers", type=Path, nargs="+", default=[], help="networks of the same encoder: what they say together is learned beside the labels")
    p.add_argument("--leave-out", metavar="SOURCE", help="learn from no picture of this source, and measure on all of it")
    p.add_argument("--cache", type=Path, help="folder of crops, which runs of the same pictures may share; else in the run's")
    p.add_argument("--minutes", type=float, help="stop after this long; the same command continues")
    p.add_argument("--threads", type=int, default=1)
    p.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    p.add_argument("--export", type=Path, help="at the end, write the averaged weights here as fp16 .safetensors")
    for stage in GENERATORS:
        p = commands.add_parser(stage, help=f"train generator {stage}")
        common_arguments(p)
        p.add_argument("config", nargs="?", type=Path, default=HERE / "configs" / "generators.toml")
        p.add_argument("--packs", type=Path, nargs="+", required=True, help="pictures, by python3 -m training pack")
        p.add_argument("--common", type=Path, help="networks of the losses and held-out pictures; else common.tar beside the first pack")
        p.add_argument("--weights", type=Path, default=Path("weights"), help="folder of the weights so far")
        p.add_argument("--segment", type=Path, help="segmentation network of the priors; else segment.safetensors of the weights so far")
        p.add_argument("--memo", type=Path, help="folder of priors already computed, which runs may share")
        p.add_argument("--teacher", type=Path, help="in place of the stage's teacher")
        p.add_argument("--judges", type=Path, nargs="+", help="judges-1.safetensors judges-2.safetensors of another run")
        p.add_argument("--out", type=Path, help="where weights, judges, log, tables and sheets go; else the run's folder")
        p.add_argument("--seconds", type=float, default=570, help="of the whole process, evaluation included")
        p.add_argument("--reserve", type=float, default=25, help="seconds of them kept for the end")
        p.add_argument("--steps", type=int, default=0, help="so many steps of each part, whatever the time")
        p.add_argument("--device", choices=("cpu", "cuda"), help="else cuda where there is one")
        p.add_argument("--eager", action="store_true", help="no CUDA graphs")
        p.add_argument("--bf16", action="store_true", help="on a CPU too: half the time where it has AVX-512 BF16 or AMX")
        p.add_argument("--workers", type=int, default=min(16, os.cpu_count() or 1), help="processes that decode the pictures")
        p.add_argument("--threads", type=int, default=0, help="of the CPU; 0: PyTorch's choice")
        p.add_argument("--log", type=float, default=30, help="seconds between lines of the log")
        p.add_argument("--side", type=int, default=256, help="held-out pictures: the middle of so many pixels")
    p = commands.add_parser("average", help="the mean of weights of one architecture")
    p.add_argument("sources", type=Path, nargs="+", help=".safetensors, .pth or checkpoints of runs")
    p.add_argument("target", type=Path)
    p = commands.add_parser("fold", help="a segmentation network as it ships, its batch norms taken into the convolutions")
    p.add_argument("source", type=Path, help="a run's checkpoint.pth, or training/checkpoints/segment.safetensors")
    p.add_argument("target", type=Path)
    condition.arguments(commands)
    pack.arguments(commands)
    evaluate.arguments(commands)
    degradation.arguments(commands)
    blind.arguments(commands)
    label.arguments(commands)
    guess.arguments(commands)
    return parser


def train_segment(options):
    torch.set_num_threads(options.threads)
    config = read_config(options.config, options.set)
    if config.get("stage") != "segment":
        raise Failure(f"{options.config} is of stage {config.get('stage')}, not segment: name another config")
    torch.manual_seed(config["seed"])
    stage = Segment(config, options)
    loop = Loop(options.run, stage, config)
    loop.run(options.minutes)
    if options.export:
        export(stage, loop, options.export, options)


def train_generator(options):
    if options.threads:
        torch.set_num_threads(options.threads)
    options.device = options.device or ("cuda" if torch.cuda.is_available() else "cpu")
    options.common = options.common or options.packs[0].with_name("common.tar")
    run.Run(read_config(options.config, options.set, options.command), options).run()


def export(stage, loop, path, options):
    tensors, metadata = stage.export()
    data = [name for name in stage.names if collection(name) != options.leave_out]
    metadata |= {
        "provenance": f"python3 -m training {loop.config['stage']}",
        "start": options.start.name if options.start else "EfficientNet-Lite0" if options.encoder else "random",
        "data": ",".join(data),
        "steps": loop.step,
        "seed": loop.config["seed"],
        "date": datetime.date.today().isoformat(),
    }
    files.write_safetensors(path, tensors, metadata)
    print(f"{path}: {path.stat().st_size:,} bytes")


def average(sources, target):
    """The mean of weights of one architecture that began as the same: it often says more of what nothing was learned from than any of them. A run's
    checkpoint counts with its average; a file that is named twice counts twice. What a network of batch norms has counted is left out."""
    found = [files.read_weights(path) for path in sources]
    states = [{name: value for name, value in state.items() if not name.endswith("num_batches_tracked")} for state, _ in found]
    for path, state in zip(sources, states):
        if {k: v.shape for k, v in state.items()} != {k: v.shape for k, v in states[0].items()}:
            raise Failure(f"{sources[0]} and {path} are of different architectures: only weights of one can be averaged")
    metadata = {key: value for _, one in found for key, value in one.items()}
    metadata["provenance"] = "mean of states of " + ", ".join(one.get("steps", "unknown") for _, one in found) + " steps"
    files.write_safetensors(target, {name: sum(state[name] for state in states) / len(states) for name in states[0]}, metadata)
    print(f"{target}: {target.stat().st_size:,} bytes")


def fold(source, target):
    """What `segment --export` would have written of a state that training can go on from; the metadata stay."""
    metadata = files.read_weights(source)[1] | {"architecture": "segmenter", "classes": ",".join(NAMES)}
    files.write_safetensors(target, load_segmenter(source).state_dict(), metadata)
    print(f"{target}: {target.stat().st_size:,} bytes")


def main(arguments):
    options = parser_of_commands().parse_args(arguments)
    try:
        if getattr(options, "device", None) == "cuda" and not torch.cuda.is_available():
            raise Failure("--device cuda: this PyTorch finds no CUDA device; leave the option out for the CPU")
        if options.command == "evaluate":
            evaluate.evaluate(options)
        elif options.command == "degrade":
            degradation.write_degraded(options)
        elif options.command == "blind":
            blind.blind(options)
        elif options.command == "average":
            average(options.sources, options.target)
        elif options.command == "fold":
            fold(options.source, options.target)
        elif options.command == "fold-condition":
            condition.fold_file(options)
        elif options.command == "pack":
            pack.pack(options)
        elif options.command == "guess":
            guess.guess(options)
        elif options.command == "label":
            label.label(options)
        elif options.command == "segment":
            train_segment(options)
        else:
            train_generator(options)
    except Failure as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0

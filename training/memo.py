"""Priors of pictures, kept in a folder for the next run: on a CPU they take longer than a hundred steps."""
import hashlib

import numpy as np
import torch

from . import files
from .failure import Failure


class Memo:
    """Priors by what they are made of, a segmentation network and low resolutions; without a folder nothing is kept."""

    def __init__(self, folder, segmenter):
        self.folder, self.network = folder, hashlib.sha256()
        for name, value in sorted(segmenter.state_dict().items()):
            self.network.update(name.encode() + value.detach().cpu().float().numpy().tobytes())

    def of(self, small, make):
        """`make()`, bytes `[n, h, w, c]` of the low resolutions `small`, or what it returned for the same ones before."""
        if not self.folder:
            return make()
        key = self.network.copy()
        key.update(str(tuple(small.shape)).encode() + small.cpu().numpy().tobytes())
        path = self.folder / f"{key.hexdigest()[:32]}.npy"
        try:
            found = torch.from_numpy(np.load(path, allow_pickle=False))
            if found.dtype == torch.uint8 and found.shape[:3] == small.shape[:3]:
                return found.to(small.device)
        except (OSError, ValueError, EOFError):
            pass  # there is none, or no whole one: it is written anew
        found = make()

        def write(temporary):
            with open(temporary, "wb") as file:
                np.save(file, found.cpu().numpy())

        files.replace(path, write)
        return found


def read_priors(folder):
    """All priors of a folder, bytes `[n, classes]`."""
    try:
        found = [np.load(path, allow_pickle=False) for path in sorted(folder.glob("*.npy"))]
        found = [torch.from_numpy(x.reshape(-1, x.shape[-1])) for x in found if x.dtype == np.uint8 and x.ndim == 4]
        return torch.cat(found)
    except (OSError, ValueError, EOFError, RuntimeError) as error:
        raise Failure(f"{folder} holds no whole priors ({error}): fill it by a run with --memo {folder}") from None

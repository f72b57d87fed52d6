"""What training looks at again and again, made once: examples on disk, each when it is first asked for. Runs may share a folder."""
import hashlib
import json
from pathlib import Path

import numpy as np

from .failure import Failure


class Cache:
    """`count` examples of arrays by name; `shapes` (name -> shape and kind) says what `make(i)` returns. `key` is what they depend on."""

    def __init__(self, folder, count, shapes, key, make):
        self.make, folder = make, Path(folder)
        text = hashlib.sha256(json.dumps([count, shapes, key], default=str).encode()).hexdigest()
        mark = folder / "key.txt"
        if mark.is_file() and mark.read_text() != text:
            raise Failure(f"{folder} holds examples of other pictures or another config: delete it or name another folder")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            sizes = {**shapes, "made": ((), "uint8")}
            self.arrays = {name: opened(folder / f"{name}.npy", (count, *shape), kind) for name, (shape, kind) in sizes.items()}
            mark.write_text(text)
        except OSError as error:
            raise Failure(f"{folder} could not be filled: {error}; free some space or choose another folder") from None
        self.made = self.arrays.pop("made")

    def get(self, indices):
        """The examples, by name, `[n, …]`."""
        for i in indices:
            if not self.made[i]:
                for name, value in self.make(int(i)).items():
                    self.arrays[name][i] = value
                self.made[i] = 1
        return {name: array[indices] for name, array in self.arrays.items()}


def opened(path, shape, kind):
    there = path.is_file()
    return np.lib.format.open_memmap(path, "r+" if there else "w+", **({} if there else {"dtype": kind, "shape": shape}))

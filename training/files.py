"""Files: written whole or not at all, and .safetensors read and written without further libraries."""
import json
import os
import struct
import tempfile
from pathlib import Path

import numpy as np
import torch

from .failure import Failure

KINDS = {"F16": "<f2", "F32": "<f4"}


def replace(path, write):
    """`write(temporary)` fills a file beside `path`, which then takes its place; on failure nothing is left behind."""
    path = Path(path)
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        os.close(handle)
        write(temporary)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except (OSError, RuntimeError) as error:  # torch.save says RuntimeError on a full disk
        raise Failure(f"{path} could not be written: {error}; free some space or choose another folder") from None
    finally:
        if temporary and os.path.exists(temporary):
            os.unlink(temporary)


def read_checkpoint(path):
    try:
        return torch.load(path, map_location="cpu")
    except FileNotFoundError:
        raise Failure(f"there is no checkpoint {path}: check the name") from None
    except Exception as error:
        raise Failure(f"{path} is no whole PyTorch checkpoint ({type(error).__name__}): delete it or name another") from None


def read_safetensors(path):
    """Tensors as float32 by name, and the metadata."""
    try:
        data = Path(path).read_bytes()
        (length,) = struct.unpack_from("<Q", data)
        header = json.loads(data[8 : 8 + length])
        metadata, body = header.pop("__metadata__", None) or {}, memoryview(data)[8 + length :]
        tensors = {}
        for name, entry in header.items():
            values = np.frombuffer(body[slice(*entry["data_offsets"])], KINDS[entry["dtype"]])
            tensors[name] = torch.from_numpy(values.astype(np.float32)).reshape(entry["shape"])
    except FileNotFoundError:
        raise Failure(f"there is no file {path}: check the name") from None
    except (struct.error, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise Failure(f"{path} is no .safetensors file of fp16 or fp32 tensors ({error}): name another") from None
    return tensors, metadata


def write_safetensors(path, tensors, metadata):
    """Stores fp16. Every value must be finite there."""
    header, blobs, at = {"__metadata__": {k: str(v) for k, v in metadata.items()}}, [], 0
    for name, tensor in tensors.items():
        half = tensor.detach().cpu().float().numpy().astype("<f2")
        if not np.isfinite(half).all():
            raise Failure(f"{name} has values beyond fp16 or not finite: the training diverged, use an earlier checkpoint")
        data = half.tobytes()
        header[name] = {"dtype": "F16", "shape": list(tensor.shape), "data_offsets": [at, at + len(data)]}
        blobs.append(data)
        at += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    replace(path, lambda temporary: Path(temporary).write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs)))


def read_weights(path):
    """State dict and metadata of a .safetensors file, of a bare state dict (.pth) or of a run's checkpoint (its average)."""
    if str(path).endswith(".safetensors"):
        return read_safetensors(path)
    state = read_checkpoint(path)
    if isinstance(state, dict) and "average" in state:
        return state["average"], {"steps": str(state["step"])}
    return state, {}


def load_into(net, state, path):
    """Loads weights of the same architecture only."""
    try:
        net.load_state_dict(state)
    except (RuntimeError, AttributeError, TypeError) as error:
        first = str(error).splitlines()[1].strip() if len(str(error).splitlines()) > 1 else str(error)
        raise Failure(f"{path} holds another architecture: {first[:160]}") from None
    return net

"""Pictures from packs (tar files of the originals' bytes, pack.py) to crops drawn on the device.

Every picture is decoded, shrunk to each pre-scale and degraded (resize.py, and for `real` degradation.py) in parallel processes. All of them then lie on the device,
end to end, as bytes: RGB, its ×1/4, and the prior at the ×1/4 size, computed by Segment from the enlarged low resolution of the whole
picture. A batch is three look-ups by index; nothing is copied from the host.
"""
import io
import multiprocessing
import signal
import tarfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

from .degradation import degraded
from .depth import depth_prior
from .failure import Failure
from .memo import Memo
from .networks import CLASSES
from .resize import SCALE, degrade, enlarge, imresize, round8

PURE = 0.75  # share of a crop that is of one class by the prior, for it to be one of that class
NEAR, FAR = 0.35, 0.65  # mean depth below and above which a crop is an example of near and of far

MULTIPLE = 32  # sides are cut to multiples of this, so that pictures of few sizes go through Segment together
STEP = 8  # low-resolution pixels between places that can be drawn; within it any
SHARES = (0.07, 0.08, 0.13, 0.14, 0.14, 0.16, 0.15, 0.13)  # of the classes among the crops drawn


def read_pack(path):
    """Pairs of name and bytes."""
    try:
        with tarfile.open(path, "r:") as tar:
            return [(m.name, tar.extractfile(m).read()) for m in tar if m.isfile()]
    except FileNotFoundError:
        raise Failure(f"there is no pack {path}: make it with python3 -m training pack") from None
    except (tarfile.TarError, OSError) as error:
        raise Failure(f"{path} is no whole tar file ({error}): make it anew with python3 -m training pack") from None


def decode(name, data):
    """RGB `[1, 3, h, w]` in [0, 1] of a file's bytes."""
    try:
        with Image.open(io.BytesIO(data)) as file:
            return torch.from_numpy(np.array(file.convert("RGB"))).permute(2, 0, 1)[None].float() / 255
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Failure(f"{name} is no picture that can be read ({error}): leave it out and pack again") from None


def prepare(item):
    """(name, bytes, scales, smallest side, share degraded, seed) to (name, [(RGB `[h, w, 3]`, low `[h/4, w/4, 3]`)])."""
    name, data, scales, least, share, seed = item
    torch.set_num_threads(1)
    picture, made = decode(name, data), []
    for scale in scales:
        h, w = (int(side * scale) // SCALE * SCALE for side in picture.shape[2:])
        high = picture if scale == 1 else round8(imresize(picture, h, w))
        h, w = (side // MULTIPLE * MULTIPLE for side in (h, w))
        if min(h, w) < least:
            continue
        top, left = (high.shape[2] - h) // 2, (high.shape[3] - w) // 2
        high = high[:, :, top : top + h, left : left + w].contiguous()
        low = degraded(round8(degrade(high)), f"{name} {scale}", seed, share)
        made.append(tuple((x[0] * 255).round().byte().permute(1, 2, 0).contiguous().numpy() for x in (high, low)))
    return name, made


def plain_signals():
    """In a child: it is to end when it is told to, whatever the parent does on such a signal."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def prepare_all(items, workers):
    """In processes; if they cannot be started or fall silent, in threads. Call before anything touches the device."""
    if workers > 1:
        pool = None
        try:
            pool = multiprocessing.get_context("fork").Pool(workers, plain_signals)
            found, results = [], pool.imap_unordered(prepare, items)
            for _ in items:
                found.append(results.next(timeout=60))
            pool.terminate()
            return found
        except Failure:
            pool.terminate()
            raise
        except Exception as error:  # whatever it is, threads are slower but sure
            print(f"processes failed ({type(error).__name__}: {error}): preparing in threads", flush=True)
            if pool:
                pool.terminate()
    with ThreadPoolExecutor(max(1, workers)) as threads:
        return list(threads.map(prepare, items))


def real(pictures):
    """Bytes `[n, h, w, 3]` to `[n, 3, h, w]` in [0, 1]."""
    return pictures.permute(0, 3, 1, 2).float() / 255


class Crops:
    """Crops of `low` x `low` low-resolution pixels. `memo`: a folder of priors that runs share, or None."""

    def __init__(self, prepared, segmenter, device, low, depth=False, share=SHARES, batch=16, memo=None):
        self.device, self.low = device, low
        segmenter = segmenter.to(memory_format=torch.channels_last)  # on a CPU half the time
        memo = Memo(memo, segmenter)
        groups = {}
        for name, scales in sorted(prepared):
            for high, small in scales:
                groups.setdefault(small.shape[:2], []).append((name, high, small))
        if not groups:
            raise Failure(f"no picture of the packs has {SCALE * low} pixels a side or more: pack larger ones")
        highs, lows, priors, spots = [], [], [], []
        at = 0  # in low-resolution pixels; the high resolution is at 16 times that
        for (h, w), pictures in groups.items():
            for start in range(0, len(pictures), batch):
                some = pictures[start : start + batch]
                high = torch.from_numpy(np.stack([p[1] for p in some])).to(device)
                small = torch.from_numpy(np.stack([p[2] for p in some])).to(device)
                up = enlarge(real(small))
                prior = memo.of(small, lambda: self.look(up, segmenter)).permute(0, 3, 1, 2).float() / 255
                detail = F.avg_pool2d((real(high) - up).abs().mean(1, keepdim=True), SCALE)
                if depth:
                    prior = depth_prior(prior)
                highs.append(high.reshape(-1, 3))
                lows.append(small.reshape(-1, 3))
                priors.append((prior * 255).round().byte().permute(0, 2, 3, 1).reshape(-1, CLASSES))
                spots.append(self.spots(prior, detail, at))
                at += len(some) * h * w
        self.high, self.lows, self.priors = torch.cat(highs), torch.cat(lows), torch.cat(priors)
        del highs, lows, priors
        place, mean, detail = (torch.cat(x) for x in zip(*spots))
        self.place = place  # base, width, y, x, largest y, largest x; all in low-resolution pixels
        # Classes in the shares wanted, of each rather the crops full of it, and rather those with detail.
        worth = mean.square() * (0.15 + (detail / 0.02).clamp(max=1))[:, None]
        wanted = torch.tensor(share, device=device) * (worth.sum(0) > 1e-3)
        self.weight = (worth / worth.sum(0).clamp(min=1e-3) * wanted / wanted.sum()).sum(1)
        self.cumulative = self.weight.double().cumsum(0)
        self.cumulative = (self.cumulative / self.cumulative[-1]).float().contiguous()
        self.depth = depth
        self.along, self.across = torch.arange(low, device=device), torch.arange(SCALE * low, device=device)
        self.pictures, self.pixels = len(prepared), len(self.high)
        self.balance = (self.weight[:, None] * mean).sum(0) / self.weight.sum()

    @torch.no_grad()
    def look(self, up, segmenter):
        """The prior of enlarged low resolutions, as bytes `[n, h, w, 8]`."""
        prior = F.avg_pool2d(segmenter(up.clamp(0, 1).contiguous(memory_format=torch.channels_last)), SCALE)
        return (prior * 255).round().byte().permute(0, 2, 3, 1).contiguous()

    def spots(self, prior, detail, at):
        n, _, h, w = prior.shape
        mean, detail = (F.avg_pool2d(x, self.low, STEP) for x in (prior, detail))
        rows, columns = mean.shape[2:]
        i, y, x = torch.meshgrid(*(torch.arange(k, device=self.device) for k in (n, rows, columns)), indexing="ij")
        whole = torch.full_like(i, 1)
        place = (at + i * h * w, w * whole, y * STEP, x * STEP, (h - self.low) * whole, (w - self.low) * whole)
        return torch.stack(place, -1).reshape(-1, 6), mean.permute(0, 2, 3, 1).reshape(-1, CLASSES), detail.reshape(-1)

    def batch(self, n):
        """Low `[n, 3, c, c]`, high `[n, 3, 4c, 4c]`, prior `[n, 8, c, c]` and label `[n]` (0: of no one class). Left and right are
        exchanged in half of them. No number comes back to the host, so that a CUDA graph can hold this."""
        draw = torch.rand(4, n, device=self.device)
        spot = torch.searchsorted(self.cumulative, draw[0].contiguous()).clamp(max=len(self.cumulative) - 1)
        base, width, y, x, bottom, right = self.place[spot].unbind(1)
        y = torch.minimum((y + (draw[1] * STEP).long()).clamp(min=0), bottom)
        x = torch.minimum((x + (draw[2] * STEP).long()).clamp(min=0), right)
        turned = (draw[3] < 0.5)[:, None]

        def look_up(store, along, scale):
            side = len(along)
            rows = scale * y[:, None] + along
            columns = scale * x[:, None] + torch.where(turned, side - 1 - along, along)
            index = scale * scale * base[:, None, None] + rows[:, :, None] * (scale * width[:, None, None]) + columns[:, None, :]
            return store[index].permute(0, 3, 1, 2).float()

        low, high = look_up(self.lows, self.along, 1) / 255, look_up(self.high, self.across, SCALE) / 255
        prior = look_up(self.priors, self.along, 1)
        prior = prior / prior.sum(1, keepdim=True).clamp(min=1)
        share, label = prior.mean((2, 3)).max(1)
        if self.depth:  # near is 1, far is 2
            far = prior[:, 1].mean((1, 2))
            return low, high, prior, (far < NEAR).long() + 2 * (far > FAR).long()
        return low, high, prior, torch.where(share >= PURE, label, torch.zeros_like(label))

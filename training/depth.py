"""The prior of stage `depth`: a map made of the picture by a stated rule, for want of metric depth of outdoor pictures.

Rule, from the class probabilities p and the height v of a place in the picture (0 at the bottom, 1 at the top):
sky is at 1; ground (water, grass, background) at 0.1 + 0.8 v; mountain at 0.85; building, plant and animal stand on the ground,
at the depth of the lowest place below them that is ground, or 0.1 where there is none. The result is the mean over the
classes and takes channel 1 of the prior ("far"); channel 0 is 1 - far; the other six are zero. It is no measured depth.
"""
import torch
from torch.nn import functional as F

SKY, MOUNTAIN, GROUND, STANDING = 1, 4, (0, 2, 3), (5, 6, 7)


def depth_of(probabilities):
    """Class probabilities `[n, 8, h, w]` to depth `[n, 1, h, w]`, 0 near and 1 far."""
    n, _, h, w = probabilities.shape
    v = torch.linspace(1, 0, h, device=probabilities.device)[None, :, None].expand(n, h, w)
    ground = sum(probabilities[:, c] for c in GROUND)
    plane = 0.1 + 0.8 * v
    # The first ground below a place, from the bottom row upwards.
    foot, rows = torch.full_like(plane[:, 0], 0.1), []
    for row in range(h - 1, -1, -1):
        share = ground[:, row].clamp(0, 1)
        foot = share * plane[:, row] + (1 - share) * foot
        rows.append(foot)
    standing = torch.stack(rows[::-1], 1)
    depth = probabilities[:, SKY] + 0.85 * probabilities[:, MOUNTAIN] + ground * plane
    depth = depth + sum(probabilities[:, c] for c in STANDING) * standing
    return depth[:, None].clamp(0, 1)


def depth_prior(probabilities):
    """`[n, 8, h, w]`: near, far, and six empty channels."""
    far = depth_of(probabilities)
    return F.pad(torch.cat((1 - far, far), 1), (0, 0, 0, 0, 0, 6))

"""The augmentation of the presets: random numbers of a batch, and what they do to it. As src/pictures/augmentation/augmentation.ts."""
import math
import torch
import torch.nn.functional as F


def draw(name, rows):
    """The random numbers of a batch of `rows` pictures: {'theta': [N, 2, 3], and for `small` the colours'}."""
    u = lambda low, high, *shape: torch.rand(rows, *shape) * (high - low) + low
    mirror = lambda: torch.where(torch.rand(rows) < 0.5, -1.0, 1.0)
    zero = torch.zeros(rows)
    if name == 'article':
        turn, shear = u(-30, 30) * math.pi / 180, u(-0.2, 0.2)
        zx, zy = u(1 / 1.2, 1 / 0.8).reciprocal() * mirror(), u(1 / 1.2, 1 / 0.8).reciprocal() * mirror()
        a, b, d, e = torch.cos(turn), -torch.sin(turn), torch.sin(turn), torch.cos(turn)
        cos, sin = torch.cos(shear), torch.sin(shear)
        rows1 = torch.stack([(a * cos - b * sin) * zx, b * zy, zero], 1)
        rows2 = torch.stack([(d * cos - e * sin) * zx, e * zy, zero], 1)
        return {'theta': torch.stack([rows1, rows2], 1)}
    turn, zoom, aspect = u(-15, 15) * math.pi / 180, u(0.8, 1.2).reciprocal(), u(0.9, 1.1)
    zx = zoom * mirror()
    rows1 = torch.stack([torch.cos(turn) * aspect * zx, -torch.sin(turn) * zoom, u(-0.16, 0.16)], 1)
    rows2 = torch.stack([torch.sin(turn) * zx, torch.cos(turn) / aspect * zoom, u(-0.16, 0.16)], 1)
    saturation = torch.where(torch.rand(rows) < 0.1, zero, u(0.5, 1.5)).view(rows, 1, 1)
    gain, contrast, brightness = u(0.8, 1.2, 3).view(rows, 3, 1), u(0.7, 1.3).view(rows, 1, 1), u(0.85, 1.15)
    luminance = torch.tensor([0.299, 0.587, 0.114]).expand(3, 3)
    colour = contrast * gain * (saturation * torch.eye(3) + (1 - saturation) * luminance)
    mean_gain = brightness.view(rows, 1, 1) / contrast - 1
    return {'theta': torch.stack([rows1, rows2], 1), 'colour': colour, 'mean_gain': mean_gain}


def apply(name, x, numbers):
    """x [N, 3, H, W], 0 to 1. Beyond the picture: its outermost pixels (article), white (small)."""
    grid = F.affine_grid(numbers['theta'], list(x.shape), align_corners=False)
    if name == 'article':
        return F.grid_sample(x, grid, mode='bilinear', padding_mode='border', align_corners=False)
    x = F.grid_sample(x - 1, grid, mode='bilinear', padding_mode='zeros', align_corners=False) + 1
    mixed = torch.bmm(numbers['colour'], x.flatten(2))
    mixed = (mixed + mixed.mean((1, 2), keepdim=True) * numbers['mean_gain']).clamp_(0, 1)
    return mixed.view_as(x)

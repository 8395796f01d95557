"""Makes augmentation.json: affine warp and change of colours as PyTorch does them. Run: python augmentation.py > augmentation.json"""
import json
import math
import sys

import torch
import torch.nn.functional as F

torch.manual_seed(0)
B, S = 5, 9
u = lambda lo, hi, *shape: torch.rand(B, *shape) * (hi - lo) + lo
x = torch.rand(B, 3, S, S)
r = u(-15, 15) * math.pi / 180
zoom, aspect = u(0.8, 1.2), u(0.9, 1.1)
mirror = torch.tensor([1.0, -1.0, 1.0, -1.0, 1.0])
tx, ty = u(-0.16, 0.16), u(-0.16, 0.16)
z, fl, asp = 1 / zoom, mirror, aspect
theta = torch.stack([torch.stack([torch.cos(r) * z * fl * asp, -torch.sin(r) * z, tx], 1),
                     torch.stack([torch.sin(r) * z * fl, torch.cos(r) * z / asp, ty], 1)], 1)
grid = F.affine_grid(theta, list(x.shape), align_corners=False)
sample = lambda v, mode='bilinear', padding='zeros': F.grid_sample(v, grid, mode=mode, padding_mode=padding, align_corners=False)
white = sample(x - 1) + 1
black = sample(x)
nearest = sample(x, padding='border')

grey = torch.tensor([False, True, False, False, False])
saturation = torch.where(grey, torch.zeros(B), u(0.5, 1.5))
gain = u(0.8, 1.2, 3)
contrast, brightness = u(0.7, 1.3), u(0.85, 1.15)
lum = (white * torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)
y = lum + (white - lum) * saturation.view(B, 1, 1, 1)
y = y * gain.view(B, 3, 1, 1)
mean = y.mean((1, 2, 3), keepdim=True)
coloured = ((y - mean) * contrast.view(B, 1, 1, 1) + mean * brightness.view(B, 1, 1, 1)).clamp(0, 1)

flat = lambda t: [float(f'{v:.7g}') for v in t.double().flatten().tolist()]
json.dump(dict(madeBy=f'PyTorch {torch.__version__}', count=B, size=S, image=flat(x), rotation=flat(r), zoom=flat(zoom), aspect=flat(aspect),
               mirror=flat(mirror), shiftX=flat(tx), shiftY=flat(ty), theta=flat(theta), white=flat(white), black=flat(black), nearest=flat(nearest),
               saturation=flat(saturation), channelGain=flat(gain), contrast=flat(contrast), brightness=flat(brightness), coloured=flat(coloured)),
          sys.stdout, separators=(',', ':'))

"""Makes resize.json: what Pillow's BILINEAR gives for small pictures. Run: python resize.py > resize.json

Needs numpy and a Pillow that goes along rows first whatever the sizes, such as 9.4; Pillow 13 goes along columns first where
the height shrinks by more than twice what the width does, and differs by 1 there.
"""
import json
import sys

import numpy as np
import PIL
from PIL import Image

cases = []
for seed, (w, h, tw, th) in enumerate(
    [(7, 5, 3, 2), (5, 7, 11, 9), (64, 48, 9, 9), (1, 1, 4, 3), (200, 3, 6, 6), (3, 97, 5, 2), (8, 8, 8, 3), (8, 6, 5, 6), (33, 20, 17, 31)]
):
    pixels = np.random.default_rng(seed).integers(0, 256, (h, w, 3), dtype=np.uint8)
    if seed % 3 == 2:
        pixels = np.where(pixels > 127, 255, 0).astype(np.uint8)
    resized = np.asarray(Image.fromarray(pixels).resize((tw, th), Image.Resampling.BILINEAR))
    cases.append(dict(width=w, height=h, pixels=pixels.ravel().tolist(), toWidth=tw, toHeight=th, resized=resized.ravel().tolist()))
json.dump(dict(madeBy=f'Pillow {PIL.__version__}, numpy {np.__version__}', cases=cases), sys.stdout, separators=(',', ':'))

"""Makes fit.json: pictures contained in and covering other sizes, by Pillow. Run: python fit.py > fit.json

Needs numpy and a Pillow that goes along rows first; see resize.py.
"""
import json
import sys

import numpy as np
import PIL
from PIL import Image


def fitted(image, size, fit, background):
    scales = size[0] / image.width, size[1] / image.height
    scale = min(scales) if fit == "contain" else max(scales)
    scaled = image.resize((max(1, round(image.width * scale)), max(1, round(image.height * scale))), Image.BILINEAR)
    canvas = Image.new("RGB", size, background)
    canvas.paste(scaled, ((size[0] - scaled.width) // 2, (size[1] - scaled.height) // 2))
    return canvas


cases = []
# The last ones have halves to be rounded, and sides that would vanish.
sizes = [(7, 5, 6, 6), (5, 7, 6, 6), (12, 9, 12, 12), (9, 12, 12, 4), (4, 4, 4, 4), (40, 3, 8, 8), (3, 40, 8, 8), (5, 8, 4, 4), (64, 1, 7, 7), (8, 3, 12, 12)]
for seed, (w, h, tw, th) in enumerate(sizes):
    pixels = np.random.default_rng(seed).integers(0, 256, (h, w, 3), dtype=np.uint8)
    for fit in ("contain", "cover"):
        result = np.asarray(fitted(Image.fromarray(pixels), (tw, th), fit, "#20c0ff"))
        cases.append(dict(width=w, height=h, pixels=pixels.ravel().tolist(), toWidth=tw, toHeight=th, fit=fit, fitted=result.ravel().tolist()))
json.dump(dict(madeBy=f"Pillow {PIL.__version__}, numpy {np.__version__}", background="#20c0ff", cases=cases), sys.stdout, separators=(",", ":"))

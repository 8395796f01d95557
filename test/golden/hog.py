"""Makes hog.json: histograms of oriented gradients by scikit-image. Run: python hog.py > hog.json"""
import json
import sys

import numpy as np
import skimage
from skimage.feature import hog

cases = []
for seed, (w, h, cell, channels) in enumerate([(32, 24, 8, 3), (28, 28, 7, 1), (19, 21, 5, 3), (16, 16, 8, 3)]):
    rng = np.random.default_rng(seed)
    # Smooth ramps and steps beside noise, so that equal and zero gradients occur.
    y, x = np.mgrid[0:h, 0:w]
    pixels = np.stack([(x * 7 + y * 3 * c) % 256 for c in range(channels)], 2)
    pixels[h // 2:] = rng.integers(0, 256, (h - h // 2, w, channels))
    pixels[: h // 3, : w // 2] = 90
    pixels = pixels.astype(np.uint8)
    image = pixels if channels == 3 else pixels[..., 0]
    feature = hog(image, orientations=9, pixels_per_cell=(cell, cell), cells_per_block=(2, 2), channel_axis=-1 if channels == 3 else None)
    rgb = pixels if channels == 3 else np.repeat(pixels, 3, 2)
    cases.append(dict(width=w, height=h, cellSize=cell, pixels=rgb.ravel().tolist(), feature=[float(f'{v:.10g}') for v in feature]))
json.dump(dict(madeBy=f'scikit-image {skimage.__version__}, numpy {np.__version__}', cases=cases), sys.stdout, separators=(',', ':'))

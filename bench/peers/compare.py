"""Compares two images from a cold start: PIL decodes and resizes, onnxruntime embeds, NumPy takes the distance."""
import json
import sys
import numpy as np
import onnxruntime
from PIL import Image, ImageOps

model, first, second = sys.argv[1:4]
session = onnxruntime.InferenceSession(model, providers=['CPUExecutionProvider'])
_, height, width, _ = session.get_inputs()[0].shape


def embed(path):
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image).convert('RGB')
    pixels = np.array(upright.resize((width, height), Image.Resampling.BILINEAR))
    return session.run(None, {'image': pixels[None]})[0][0]


a, b = embed(first), embed(second)
print(json.dumps({'distance': float(np.linalg.norm(a - b)), 'similarity': float(a @ b)}))

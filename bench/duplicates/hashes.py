# Distances of all pictures of a folder to each other by hashes and by features of a network: imagededup's and imagehash's hashes, and
# the idea of imagededup's CNN (mean of the last maps, cosine) with EfficientNet-Lite0, as its own weights come from elsewhere.
#
#   python bench/duplicates/hashes.py <folder> <out.npz> [--maps maps.onnx]
#
# imagededup 0.3.3.post2 (its hashing.py alone: the package asks for PyTorch), ImageHash 4.3.2, onnxruntime, numpy, Pillow.
import argparse
import pathlib
import sys
import time
import types

import numpy as np
from PIL import Image

parser = argparse.ArgumentParser()
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("out")
parser.add_argument("--maps", help="an ONNX file from pixels (N, 224, 224, 3) to the last maps")
given = parser.parse_args()

files = sorted(file for file in given.folder.rglob("*") if file.is_file())
names = [file.relative_to(given.folder).as_posix() for file in files]
found, times = {}, {}


def hamming(hashes):
    bits = np.unpackbits(np.array(hashes, dtype=np.uint64).view(np.uint8).reshape(len(hashes), 8), axis=1).astype(np.int16)
    return (bits[:, None, :] != bits[None, :, :]).sum(axis=2).astype(np.float32)


def timed(name, distances):
    begun = time.process_time()
    found[name] = distances()
    times[name] = time.process_time() - begun


# The hashes need nothing of the networks that the package imports PyTorch for.
for module, name in {"imagededup.methods.cnn": "CNN", "imagededup.utils.models": "CustomModel"}.items():
    stand_in = types.ModuleType(module)
    setattr(stand_in, name, None)
    sys.modules[module] = stand_in
from imagededup.methods import AHash, DHash, PHash, WHash  # noqa: E402

for name, method in {"pHash": PHash, "dHash": DHash, "wHash": WHash, "aHash": AHash}.items():
    hasher = method()
    timed(f"imagededup {name}", lambda: hamming([int(hasher.encode_image(image_file=str(file)), 16) for file in files]))

import imagehash  # noqa: E402

for name in ["phash", "dhash", "whash"]:
    own = getattr(imagehash, name)
    timed(f"imagehash {name}", lambda: hamming([int(str(own(Image.open(file))), 16) for file in files]))

if given.maps is not None:
    import onnxruntime

    session = onnxruntime.InferenceSession(given.maps, providers=["CPUExecutionProvider"])

    def features(file):
        pixels = np.asarray(Image.open(file).convert("RGB").resize((224, 224), Image.Resampling.BILINEAR))
        (maps,) = session.run(None, {session.get_inputs()[0].name: pixels[None]})
        return maps[0].mean(axis=(1, 2))

    def cosine():
        rows = np.stack([features(file) for file in files])
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return 1 - rows @ rows.T

    timed("Lite0 features, cosine", cosine)

np.savez_compressed(given.out, names=names, **found, **{f"seconds {name}": value for name, value in times.items()})

# Precision and recall of pairs on planted copies: of what `lookalike duplicates --json` found, and of hashes and features (hashes.py).
#
#   python bench/duplicates/measure.py <train.npz> <test.npz> <duplicates.json> [<name>=<seconds> …] > result.json
#
# A pair is right if both pictures are in one folder of the planted copies. Hashes and features are judged at the distance that their
# packages have as default, and at the one that is best on the pictures of train.npz (largest F1). numpy.
import json
import pathlib
import sys

import numpy as np

train, test = [np.load(file) for file in sys.argv[1:3]]
found = json.loads(pathlib.Path(sys.argv[3]).read_text())
seconds = {name: float(value) for name, value in (word.split("=") for word in sys.argv[4:])}
defaults = {"imagededup": 10, "imagehash": 10, "Lite0": 0.1}
kinds = ["recompressed", "resized", "cropped", "recoloured", "mirrored"]


class Planted:
    def __init__(self, names):
        self.names = [str(name) for name in names]
        groups = np.array([name.split("/")[0] for name in self.names])
        self.same = groups[:, None] == groups[None, :]
        self.upper = np.triu_indices(len(groups), 1)
        self.truth = self.same[self.upper]
        copies = [pathlib.PurePath(name).stem for name in self.names]
        place = {(group, copy): n for n, (group, copy) in enumerate(zip(groups, copies))}
        self.pairs = {copy: np.array([[place[group, "original"], place[group, copy]] for group in sorted(set(groups))]) for copy in kinds}

    def judged(self, near):
        pairs = near[self.upper]
        right = int((pairs & self.truth).sum())
        precision = right / pairs.sum() if pairs.any() else 1.0
        recall = right / self.truth.sum()
        return {
            "precision": round(float(precision), 4),
            "recall": round(float(recall), 4),
            "f1": round(float(2 * precision * recall / (precision + recall)), 4),
            "recallOfCopies": {copy: round(float(near[ab[:, 0], ab[:, 1]].mean()), 4) for copy, ab in self.pairs.items()},
        }


def best_distance(planted, distances):
    values = distances[planted.upper]
    order = np.argsort(values, kind="stable")
    right = np.cumsum(planted.truth[order])
    count = np.arange(1, len(order) + 1)
    f1 = 2 * right / (count + planted.truth.sum())
    # Equal distances stand or fall together.
    ends = np.append(np.diff(values[order]) > 0, True)
    return float(values[order][np.argmax(np.where(ends, f1, 0))])


here, there = Planted(test["names"]), Planted(train["names"])
near = np.zeros_like(here.same)
row = {name: n for n, name in enumerate(here.names)}
for group in found["groups"]:
    rows = [row[image["id"]] for image in group["images"]]
    near[np.ix_(rows, rows)] = True
methods = {"lookalike duplicates": {**here.judged(near), "seconds": seconds}}
for name in test.files:
    if test[name].ndim != 2:
        continue
    default = next(value for word, value in defaults.items() if name.startswith(word))
    best = best_distance(there, train[name])
    methods[name] = {
        "default": {"distance": default, **here.judged(test[name] <= default)},
        "best": {"distance": round(best, 4), **here.judged(test[name] <= best)},
        "seconds": round(float(test[f"seconds {name}"]), 1),
    }
pictures = {"pictures": len(here.names), "groups": len(here.pairs["mirrored"]), "pairs": int(here.truth.sum())}
print(json.dumps({**pictures, "methods": methods}, indent=2))

"""Puts together what was measured on the further sets, as bench/results/quality/further.json has it.

    python further-results.py <folder> further.json

<folder> is that of further-sets.py, and beside its sets it has
    results/<set>--<method>.{json,npz}   measures of each query on the test half, exact Euclidean distances in float64; methods
                                         raw, colourhist, hog, phash, packaged, lite0, lite0+whitened, lite0+lda, auto-packaged, auto-lite0
    runs/<set>-<method>.json             what `lookalike train <folder>/sets/<set>/train --json` printed
What is not there is taken from further.json as it was, where the set is of the same pixels: its row, and the difference of the means.
"""
import json
import pathlib
import sys

import numpy as np

HOW = (
    "Percent, on the test half of each set (bench/quality/further-sets.py): every picture is a query, all others its gallery, exact "
    'Euclidean distances in float64, from outside lookalike; "classes" and the two last numbers of a difference are a 95% bootstrap over '
    "whole classes. auto-packaged: lookalike train <set>/train -o run --time 20m --seed 0; auto-lite0: the same with --backbone lite0.onnx. "
    '"lessBest" is auto less the best of {hog, packaged}, for auto-lite0 also of {lite0, lite0+lda}, by each measure; without an interval '
    'where that one was measured earlier, on the same pixels. auto-packaged on flags, digits, brands and lessons: before colours were '
    "counted finely and few classes left out one after the other. One residual sum was also compared as a grid of places on molecules, "
    "countries, names, characters and cards, and by auto-lite0 on fonts, all of these with --time as it comes; the others are of before."
)
METHODS = ("raw", "colourhist", "hog", "phash", "packaged", "lite0", "lite0+whitened", "lite0+lda", "auto-packaged", "auto-lite0")
RIVALS = {"auto-packaged": ("hog", "packaged"), "auto-lite0": ("hog", "packaged", "lite0", "lite0+lda")}
SETS = ("flags", "cards", "sprites", "digits", "fonts", "surfaces", "brands", "lessons", "molecules", "countries", "names", "characters")
MEASURES = {"recallAt1": "recall", "mapAtR": "precision"}


def percent(value):
    return round(100 * float(value), 1)


def over_classes(values, labels, draws=2000):
    """Mean and its 95% bootstrap interval over whole classes, in percent."""
    known = ~np.isnan(values)
    values, labels = values[known], labels[known]
    groups = [values[labels == label] for label in np.unique(labels)]
    sums, counts = (np.array([measure(group) for group in groups]) for measure in (np.sum, len))
    drawn = np.random.default_rng(0).integers(0, len(groups), (draws, len(groups)))
    means = sums[drawn].sum(1) / counts[drawn].sum(1)
    return percent(values.mean()), [percent(bound) for bound in np.percentile(means, [2.5, 97.5])]


def labels_of(folder, name):
    paths = sorted((folder / "sets" / name / "test").glob("*/*"), key=lambda path: (path.parent.name, path.name))
    return np.unique([path.parent.name for path in paths], return_inverse=True)[1]


def half(folder, name, part):
    classes = list((folder / "sets" / name / part).iterdir())
    return {"classes": len(classes), "pictures": sum(len(list(path.iterdir())) for path in classes)}


def said(run):
    """What the run says of itself: of new classes, of known ones where there are too few."""
    of, rows = ("new", run["start"]["newClasses"]) if run["start"]["newClasses"] else ("known", run["start"]["knownClasses"])
    rows = {row["name"]: row for row in rows}
    names = {"kept": "kept", "hog": "HOG", "packaged": "packaged model", "untouched": "untouched"}
    bounds = lambda value: [percent(value[key]) for key in ("value", "low", "high")]
    return {"of": of} | {name: {measure: bounds(rows[row][measure]) for measure in MEASURES} for name, row in names.items() if row in rows}


def set_of(folder, name, former):
    labels = labels_of(folder, name)
    found = {}
    for method in METHODS:
        file = folder / "results" / f"{name}--{method}.npz"
        if file.exists():
            found[method] = np.load(file)
    document = {"set": name, "train": half(folder, name, "train"), "test": half(folder, name, "test"), "methods": {}}
    rows = document["methods"]
    for method in METHODS:
        if method in found:
            means = {measure: over_classes(found[method][key], labels) for measure, key in MEASURES.items()}
            rows[method] = {measure: {"value": value, "classes": classes} for measure, (value, classes) in means.items()}
        elif method in former.get("methods", {}):
            rows[method] = former["methods"][method]
    for method, rivals in RIVALS.items():
        run = folder / "runs" / f"{name}-{method}.json"
        if method not in found or not run.exists():
            if method in former:
                document[method] = former[method]
            continue
        less = {}
        for measure, key in MEASURES.items():
            best = max((rival for rival in rivals if rival in rows), key=lambda rival: rows[rival][measure]["value"])
            if best in found:
                value, classes = over_classes(found[method][key] - found[best][key], labels)
                less[measure] = [best, value, *classes]
            else:
                less[measure] = [best, round(rows[method][measure]["value"] - rows[best][measure]["value"], 1)]
        trained = json.loads(run.read_text())
        document[method] = {"lessBest": less, "said": said(trained), "reasons": trained["start"]["reasons"]}
    return document


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    top, output = map(pathlib.Path, sys.argv[1:])
    formers = {former["set"]: former for former in json.loads(output.read_text())["sets"]} if output.exists() else {}
    names = [name for name in SETS if (top / "sets" / name).is_dir()]
    output.write_text(json.dumps({"how": HOW, "sets": [set_of(top, name, formers.get(name, {})) for name in names]}, indent=1) + "\n")
    for document in json.loads(output.read_text())["sets"]:
        for method, row in document["methods"].items():
            print(f"{document['set']:9s} {method:15s} {row['recallAt1']['value']:5.1f} / {row['mapAtR']['value']:5.1f}", end="")
            print("", document[method]["lessBest"] if method in RIVALS and method in document else "")

"""The article's sampler: for each query some positives, for each of these some negatives, all joined and written at the end.

As its Python does it, names are listed with os.walk, and negatives are the first of all images, shuffled, that are not of the
query's class. Source: Zingade 2017, triplet_sampler.py, written anew; it stops after so many triplets, for it holds them all.
"""
import argparse
import os
import re
import time
import numpy as np
from measured import say

parser = argparse.ArgumentParser()
parser.add_argument('--folder', required=True)
parser.add_argument('--output', required=True)
parser.add_argument('--positives', type=int, required=True)
parser.add_argument('--negatives', type=int, required=True)
parser.add_argument('--triplets', type=int, required=True)
a = parser.parse_args()
np.random.seed(0)


def list_pictures(folder):
    pattern = re.compile(r'([\w]+\.(?:jpg|jpeg|bmp|png|ppm))$')
    return [os.path.join(root, name) for root, _, names in os.walk(folder) for name in names if pattern.match(name)]


def positives_of(query, names, count):
    order = np.arange(len(names))
    np.random.shuffle(order)
    found = []
    for place in order:
        if names[place] != query:
            found.append(names[place])
            if len(found) == count:
                break
    return found


def negatives_of(everything, own, count):
    order = np.arange(len(everything))
    np.random.shuffle(order)
    found = []
    for place in order:
        if everything[place] not in own:
            found.append(everything[place])
            if len(found) == count:
                break
    return found


def triplets_of(folder):
    classes = sorted(name for name in os.listdir(folder) if os.path.isdir(os.path.join(folder, name)))
    everything = [path for name in classes for path in list_pictures(os.path.join(folder, name))]
    for name in classes:
        names = list_pictures(os.path.join(folder, name))
        own = set(names)
        for query in names:
            for positive in positives_of(query, names, a.positives):
                for negative in negatives_of(everything, own, a.negatives):
                    yield query, positive, negative


started = time.perf_counter()
lines = []
for triplet in triplets_of(a.folder):
    lines.append(','.join(triplet) + '\n')
    if len(lines) == a.triplets:
        break
with open(a.output, 'w') as file:
    file.write(''.join(lines))
say(time.perf_counter() - started, triplets=len(lines))

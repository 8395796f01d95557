"""Seconds for Recall@1, 5, 10 and MAP@R of embeddings in a file: FAISS's flat index finds the neighbours, NumPy judges them.

Every vector is a query and all others are its gallery; the distance is Euclidean. MAP@R: Musgrave et al. 2020, eq. 3.
"""
import argparse
import time
import faiss
import numpy as np
from measured import say

parser = argparse.ArgumentParser()
parser.add_argument('--embeddings', required=True, help='float32 numbers, row by row')
parser.add_argument('--labels', required=True, help='int32 numbers')
parser.add_argument('--dimension', type=int, required=True)
parser.add_argument('--threads', type=int, required=True)
a = parser.parse_args()
faiss.omp_set_num_threads(a.threads)
embeddings = np.fromfile(a.embeddings, np.float32).reshape(-1, a.dimension)
labels = np.fromfile(a.labels, np.int32)

started = time.perf_counter()
relevant = np.bincount(labels)[labels] - 1
k = max(int(relevant.max()), 10)
index = faiss.IndexFlatL2(a.dimension)
index.add(embeddings)
found = {1: 0.0, 5: 0.0, 10: 0.0}
precision = 0.0
for first in range(0, len(labels), 4096):
    rows = np.arange(first, min(first + 4096, len(labels)))
    _, neighbours = index.search(embeddings[rows], k + 1)
    # The query itself goes; where copies pushed it out, the last one does.
    itself = neighbours == rows[:, None]
    itself[~itself.any(1), -1] = True
    neighbours = neighbours[~itself].reshape(len(rows), k)
    hits = labels[neighbours] == labels[rows][:, None]
    for at in found:
        found[at] += hits[:, :at].any(1).sum()
    within = np.arange(1, k + 1)[None] <= relevant[rows][:, None]
    at_rank = hits.cumsum(1) / np.arange(1, k + 1)
    precision += float(((at_rank * (hits & within)).sum(1) / relevant[rows]).sum())
seconds = time.perf_counter() - started
measures = {f'recallAt{at}': float(count / len(labels)) for at, count in found.items()}
say(seconds, images=len(labels), dimension=a.dimension, mapAtR=precision / len(labels), **measures)

"""FAISS and usearch on the vectors that compare-stores.mjs puts into stores: recall@10 and time of a search, one query at a time.

    pip install faiss-cpu==1.15.1 usearch==2.26.6 numpy
    python bench/catalogue/peers.py vectors --json peers.json

Comparing with all (FAISS, flat) gives the nearest that the others are judged by, and writes them to vectors/truth.i32.
"""

import argparse
import json
import os
import resource
import time

import faiss
import numpy as np
from usearch.index import Index

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--json")
parser.add_argument("--rows", type=int)
given = parser.parse_args()

with open(f"{given.folder}/about.json") as file:
    about = json.load(file)
dimension = about["dimension"]
rows = given.rows or about["rows"]
vectors = np.fromfile(f"{given.folder}/rows.f32", np.float32, rows * dimension).reshape(rows, dimension)
queries = np.fromfile(f"{given.folder}/queries.f32", np.float32).reshape(-1, dimension)
faiss.omp_set_num_threads(os.cpu_count())


def timed(search, count):
    found, times = [], []
    for query in queries[:count]:
        began = time.perf_counter()
        found.append(search(query[None]))
        times.append(1000 * (time.perf_counter() - began))
    return found, {f"p{p}": float(np.percentile(times, p)) for p in (50, 95, 99)}


results = []


def judge(name, build, searches, size):
    began = time.perf_counter()
    index = build()
    seconds = time.perf_counter() - began
    for label, prepare, search in searches:
        prepare(index)
        found, times = timed(lambda query: search(index, query), 50 if name == "faiss-flat" else 1000)
        recall = float(np.mean([len(set(ids) & set(truth[n][:10])) / 10 for n, ids in enumerate(found)]))
        results.append(
            {"index": name, "looks at": label, "buildSeconds": seconds, "recall": recall, **times, "bytes": size(index)}
        )
        print(results[-1], flush=True)
        if recall >= 0.98:
            break


def faiss_size(index):
    return int(faiss.serialize_index(index).size) if rows <= 200_000 else None


def nothing(_):
    return None


flat = faiss.IndexFlatL2(dimension)
flat.add(vectors)
_, truth = flat.search(queries, 100)
truth.astype(np.int32).tofile(f"{given.folder}/truth.i32")
judge("faiss-flat", lambda: flat, [("all", nothing, lambda i, q: i.search(q, 10)[1][0])], faiss_size)


def ivf():
    cells = round(rows**0.5)
    index = faiss.IndexIVFFlat(faiss.IndexFlatL2(dimension), dimension, cells)
    index.train(vectors[:: max(1, rows // (64 * cells))])
    index.add(vectors)
    return index


def with_probes(probes):
    return lambda index: setattr(index, "nprobe", probes)


judge(
    "faiss-ivf-flat",
    ivf,
    [(f"probes {p}", with_probes(p), lambda i, q: i.search(q, 10)[1][0]) for p in (1, 2, 4, 8, 16, 32, 64, 128)],
    faiss_size,
)


def hnsw():
    index = faiss.IndexHNSWFlat(dimension, 16)
    index.hnsw.efConstruction = 100
    index.add(vectors)
    return index


def with_ef(ef):
    return lambda index: setattr(index.hnsw, "efSearch", ef)


judge(
    "faiss-hnsw",
    hnsw,
    [(f"ef {e}", with_ef(e), lambda i, q: i.search(q, 10)[1][0]) for e in (16, 32, 64, 128, 256, 512)],
    faiss_size,
)


def usearch():
    index = Index(ndim=dimension, metric="l2sq", dtype="f32", connectivity=16, expansion_add=100)
    index.add(np.arange(rows), vectors, threads=os.cpu_count())
    return index


def with_expansion(expansion):
    return lambda index: setattr(index, "expansion_search", expansion)


judge(
    "usearch",
    usearch,
    [(f"expansion {e}", with_expansion(e), lambda i, q: i.search(q[0], 10).keys) for e in (16, 32, 64, 128, 256, 512)],
    lambda index: int(index.serialized_length),
)

document = {
    "about": {**about, "rows": rows},
    "versions": {"faiss": faiss.__version__, "numpy": np.__version__},
    "cores": os.cpu_count(),
    "peakMemoryBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    "peers": results,
}
if given.json:
    with open(given.json, "w") as file:
        json.dump(document, file, indent=2)
        file.write("\n")

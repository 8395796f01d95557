"""Writes retrieval.json beside itself: what PyTorch finds for the retrieval measures of random embeddings.

Run: python3 retrieval.py (needs numpy and torch). Embeddings are multiples of 1/64, so that JSON carries them exactly.
"""
import json
import os

import numpy as np
import torch


def retrieval(emb, y, triplets):
    """Every item is a query against all others, by Euclidean distance; items alone in their class are no queries."""
    e = torch.as_tensor(emb, dtype=torch.float32)
    y = torch.as_tensor(y)
    n = len(e)
    d = torch.cdist(e, e, compute_mode='donot_use_mm_for_euclid_dist')
    d.fill_diagonal_(float('inf'))
    idx = d.sort(dim=1, stable=True).indices[:, :n - 1]
    rel = (y[idx] == y[:, None]).float()
    r = torch.bincount(y)[y].float() - 1
    keep = r > 0
    place = torch.arange(1, n)[None]
    prec = rel.cumsum(1) / place
    within = (place <= r[:, None]).float()
    mean = lambda values: float(values[keep].double().mean())
    out = {f'recallAt{k}': mean(rel[:, :k].max(1).values) for k in (1, 5)}
    out |= {f'precisionAt{k}': mean(rel[:, :k].mean(1)) for k in (1, 5)}
    out['rPrecision'] = mean((rel * within).sum(1) / r.clamp(min=1))
    out['mapAtR'] = mean((prec * rel * within).sum(1) / r.clamp(min=1))
    q, p, m = triplets
    dp = ((e[q] - e[p]) ** 2).sum(1)
    dn = ((e[q] - e[m]) ** 2).sum(1)
    out['similarityPrecision'] = float((dp < dn).double().mean() + 0.5 * (dp == dn).double().mean())
    return out, int(keep.sum())


def triplet_ids(y, n, rng):
    """n triplets: class uniform over classes with >= 2 items, q and p two distinct items of it, n of other classes."""
    order = np.argsort(y, kind='stable')
    cnt = np.bincount(y)
    start = np.concatenate([[0], np.cumsum(cnt)[:-1]])
    c = rng.choice(np.flatnonzero(cnt >= 2), n)
    a = rng.integers(0, cnt[c])
    b = (a + rng.integers(1, cnt[c])) % cnt[c]
    k = rng.integers(0, len(y) - cnt[c])
    k = np.where(k >= start[c], k + cnt[c], k)
    return order[start[c] + a], order[start[c] + b], order[k]


def case(name, dimension, sizes, spread, step):
    rng = np.random.default_rng(0)
    y = rng.permutation(np.repeat(np.arange(len(sizes)), sizes))
    centres = rng.normal(size=(len(sizes), dimension))
    emb = np.round((centres[y] + spread * rng.normal(size=(len(y), dimension))) / step) * step
    ids = triplet_ids(y, 300, rng)
    measures, queries = retrieval(emb, y, ids)
    return dict(name=name, dimension=dimension, labels=y.tolist(), embeddings=emb.flatten().tolist(),
                triplets=np.stack(ids, 1).tolist(), queries=queries, measures=measures)


versions = dict(numpy=np.__version__, torch=torch.__version__)
cases = [case('clusters', 6, [2, 3, 4, 5, 6, 9, 1, 1, 12, 7], 1.3, 1 / 64),
         case('noise', 3, [4] * 12, 50.0, 1 / 64),
         # Whole numbers in a small range: many triplets tie. Rankings tie too, so only the triplets are to be compared.
         case('ties', 2, [5, 5, 5, 1], 1.0, 1.0)]
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'retrieval.json'), 'w') as file:
    json.dump(dict(versions=versions, cases=cases), file)
    file.write('\n')

"""Makes losses.json: values and gradients of the losses over given embeddings, by PyTorch in float64.

Run: python3 losses.py > losses.json

Embeddings, remembered embeddings and proxies are not stored: both sides compute them from `uniform(name, index)`, an integer
hash, and round them to float32. The losses are written by boolean masks over all pairs or triplets of rows and candidates,
and differentiated by autograd. It asserts that some but not all of a case's terms are active.
"""
import json
import sys

import numpy as np
import torch
import torch.nn.functional as F

from hashed import uniform

torch.set_default_dtype(torch.float64)
DIMENSION = 6
LABELS = [0, 0, 0, 1, 1, 1, 2, 2, 3]
REMEMBERED = [1, 0, 3, 4, 2, 1, -1, -1]  # -1: an empty place
CLASSES = 5
NEVER = torch.inf


def rows(name, labels):
    """Random rows of unit length, as float32."""
    x = 2 * uniform(name, len(labels) * DIMENSION).reshape(-1, DIMENSION) - 1
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    return torch.from_numpy(x.astype(np.float32).astype(np.float64))


class Batch:
    """Rows, the candidates they are compared with (without a gradient where there is a memory), and how they are related."""

    def __init__(self, memory):
        self.rows = rows('a', LABELS).requires_grad_()
        self.candidates = torch.cat([self.rows.detach(), rows('memory', REMEMBERED)]) if memory else self.rows
        y = torch.tensor(LABELS)
        all_labels = torch.tensor(LABELS + REMEMBERED if memory else LABELS)
        self.there = (all_labels >= 0)[None] & ~torch.eye(len(y), len(all_labels), dtype=torch.bool)
        self.positive = (y[:, None] == all_labels) & self.there
        self.negative = (y[:, None] != all_labels) & self.there
        self.own_positive = self.positive[:, : len(y)]
        self.squared = ((self.rows[:, None] - self.candidates[None]) ** 2).sum(2)
        self.similarity = self.rows @ self.candidates.T
        self.distance = torch.where(self.squared > 0, self.squared, 1).sqrt() * (self.squared > 0)

    def triplets(self, distances):
        """Every triplet: D(q, p) - D(q, n) and where it is one; [B, B, C]. Positives are of the batch."""
        difference = distances[:, : len(LABELS), None] - distances[:, None, :]
        return difference, self.own_positive[:, :, None] & self.negative[:, None, :]


def average(terms):
    return terms.sum() / max(len(terms), 1)


def hinge(difference, gap):
    return F.relu(gap + difference), difference > -gap


def batch_all(batch, distances, cost):
    difference, found = batch.triplets(distances)
    values, active = cost(difference[found])
    return average(values[values > 0]), active


def batch_hard(batch, distances, cost):
    own = distances[:, : len(LABELS)].masked_fill(~batch.own_positive, -NEVER)
    other = distances.masked_fill(~batch.negative, NEVER)
    asked = batch.own_positive.any(1) & batch.negative.any(1)
    values, active = cost(own.max(1).values[asked] - other.min(1).values[asked])
    return average(values), active


def semi_hard(batch, distances, cost):
    i, j = batch.own_positive.nonzero(as_tuple=True)
    to_positive, from_query, negative = distances[i, j], distances[i], batch.negative[i]
    semi = from_query.masked_fill(~negative | (from_query <= to_positive[:, None]), NEVER).min(1).values
    farthest = from_query.masked_fill(~negative, -NEVER).max(1).values
    values, active = cost(to_positive - torch.where(semi < NEVER, semi, farthest))
    return average(values), active


def contrastive(batch, gap):
    short = F.relu(gap - batch.distance[batch.negative])
    pull = average(batch.squared[batch.positive])
    return pull / 2 + average(short[short > 0] ** 2) / 2, short > 0


def multi_similarity(batch, alpha, beta, base, epsilon):
    total, anchors, active = 0, 0, []
    for s, positive, negative in zip(batch.similarity, batch.positive, batch.negative):
        if not (positive.any() and negative.any()):
            continue
        p, n = s[positive], s[negative]
        hard_p, hard_n = p < n.max() + epsilon, n > p.min() - epsilon
        total = total + torch.log1p(torch.exp(-alpha * (p[hard_p] - base)).sum()) / alpha
        total = total + torch.log1p(torch.exp(beta * (n[hard_n] - base)).sum()) / beta
        anchors += 1
        active += [hard_p, hard_n]
    return total / anchors, torch.cat(active)


def supcon(batch, temperature):
    logits = batch.similarity / temperature
    share = logits - torch.logsumexp(logits.masked_fill(~batch.there, -NEVER), 1, keepdim=True)
    asked = batch.positive.any(1)
    mean_share = (share * batch.positive).sum(1)[asked] / batch.positive.sum(1)[asked]
    farthest = batch.similarity.masked_fill(~batch.positive, NEVER).min(1).values
    nearest = batch.similarity.masked_fill(~batch.negative, -NEVER).max(1).values
    return -average(mean_share), (nearest > farthest)[asked]


def proxy_anchor(batch, proxies, scale, margin):
    s = F.linear(batch.rows, F.normalize(proxies))
    positive = F.one_hot(torch.tensor(LABELS), CLASSES).bool()
    pull = torch.log1p((torch.exp(-scale * (s - margin)) * positive).sum(0))
    push = torch.log1p((torch.exp(scale * (s + margin)) * ~positive).sum(0))
    loss = pull.sum() / positive.any(0).sum() + push.sum() / CLASSES
    return loss, torch.where(positive, s < margin, s > -margin)


def soft(difference):
    return F.softplus(difference), difference > 0


def numbers(tensor):
    return [float(f'{value:.9g}') for value in tensor.detach().ravel().tolist()]


def case(config, loss, memory=False, proxies=None):
    batch = Batch(memory)
    value, active = loss(batch)
    share = active.double().mean().item()
    # A semi-hard negative is farther than the positive, so soft margin's triplets are active only where there is none.
    assert 0 < share < 1 or (config['kind'], config.get('miner')) == ('soft-margin', 'semi-hard'), (config, share)
    (gradient,) = torch.autograd.grad(value, [batch.rows], retain_graph=True)
    result = dict(config=config, loss=value.item(), active=share, gradient=numbers(gradient))
    if proxies is not None:
        result['proxyGradient'] = numbers(torch.autograd.grad(value, [proxies])[0])
    return result


def mined(kind, miner, remembered, **more):
    config = dict(kind=kind, distance='squared-euclidean', **({'miner': miner} if miner != 'own' else {}), **more, **remembered)
    cost = soft if kind == 'soft-margin' else lambda difference: hinge(difference, more['gap'])
    find = dict(zip(['batch-all', 'batch-hard', 'semi-hard', 'own'], [batch_all, batch_hard, semi_hard, semi_hard]))[miner]
    return case(config, lambda batch: find(batch, batch.squared, cost), bool(remembered))


PROXIES = (2 * torch.from_numpy(uniform('proxies', CLASSES * DIMENSION)).reshape(CLASSES, DIMENSION) - 1)
PROXIES = torch.from_numpy(PROXIES.numpy().astype(np.float32).astype(np.float64)).requires_grad_()
MS = dict(alpha=2.0, beta=50.0, base=0.5, epsilon=0.1)
cases = []
for memory in (False, True):
    remembered = dict(memory=dict(rows=len(REMEMBERED))) if memory else {}
    for miner in ('batch-all', 'batch-hard', 'semi-hard'):
        cases.append(mined('hinge', miner, remembered, gap=0.2))
        cases.append(mined('soft-margin', miner, remembered))
    cases.append(mined('semi-hard', 'own', remembered, gap=0.2))
    cases.append(case(dict(kind='contrastive', gap=1, **remembered), lambda b: contrastive(b, 1), memory))
    cases.append(case(dict(kind='multi-similarity', **MS, **remembered), lambda b: multi_similarity(b, **MS), memory))
    cases.append(case(dict(kind='supcon', temperature=0.1, **remembered), lambda b: supcon(b, 0.1), memory))
anchor = dict(scale=32, margin=0.1)
cases.append(case(
    dict(kind='proxy-anchor', **anchor, proxyRate=10, classes=CLASSES),
    lambda b: proxy_anchor(b, PROXIES, **anchor), proxies=PROXIES,
))
made_by = f'PyTorch {torch.__version__}, float64'
json.dump(dict(madeBy=made_by, dimension=DIMENSION, labels=LABELS, remembered=REMEMBERED, cases=cases), sys.stdout, separators=(',', ':'))

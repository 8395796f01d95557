"""Makes network.json: embeddings, losses, gradients and optimiser steps of the networks, by PyTorch in float64.

Run: python3 network.py > network.json

Weights, pictures and dropout masks are not stored: both sides compute them from `uniform(name, index)`, an integer hash, and
round weights to float32. Of most tensors the file has the Euclidean norm and 16 elements at random places; of some it has all
elements.
"""
import json
import math
import sys

import numpy as np
import torch
import torch.nn.functional as F

from hashed import uniform

torch.set_default_dtype(torch.float64)
LABELS = [0, 0, 1, 1, 1, 0]  # two triplets (query, positive, negative), and two classes of three


def initial(name, shape):
    """Weights uniform over +-sqrt(6 / fan-in), biases over +-0.1, scales over 0.8 to 1.2; as float32."""
    spread = 2 * uniform(name, math.prod(shape)) - 1
    if name.endswith('.weight'):
        values = math.sqrt(6 / math.prod(shape[1:])) * spread
    elif name.endswith('.scale'):
        values = 1 + 0.2 * spread
    else:
        values = 0.1 * spread
    return torch.from_numpy(values.astype(np.float32).astype(np.float64)).reshape(shape)


def pictures(size):
    """uint8 [6, size, size, 3]: blocks of 8 x 8 pixels at random colours, with noise on every pixel."""
    count, blocks = len(LABELS), -(-size // 8)
    n, y, x, c = np.meshgrid(np.arange(count), np.arange(size), np.arange(size), np.arange(3), indexing='ij')
    block = ((n * blocks + y // 8) * blocks + x // 8) * 3 + c
    coarse = np.floor(uniform('blocks', count * blocks * blocks * 3) * 192)[block]
    noise = np.floor(uniform('noise', n.size) * 64).reshape(n.shape)
    return (coarse + noise).astype(np.uint8)


def same(x, kernel, stride, value=0.0):
    """Padding by the rule SAME: output length = ceil(input length / stride), an odd place goes behind."""
    pads = []
    for length in (x.shape[3], x.shape[2]):
        total = max((-(-length // stride) - 1) * stride + kernel - length, 0)
        pads += [total // 2, total - total // 2]
    return F.pad(x, pads, value=value)


class Network:
    """A network as functions of named weights; asking for a weight makes it."""

    def __init__(self, size, paths, dimension, backbone='small', batch_norm=True, drop=0.0):
        self.size, self.paths, self.dimension, self.backbone = size, paths, dimension, backbone
        self.batch_norm, self.drop = batch_norm, drop
        self.weights, self.statistics = {}, {}

    def weight(self, name, *shape):
        if name not in self.weights:
            self.weights[name] = initial(name, shape).requires_grad_()
        return self.weights[name]

    def convolution(self, name, x, filters, kernel, stride=1, pad=0, bias=True):
        bias = self.weight(f'{name}.bias', filters) if bias else None
        return F.conv2d(x, self.weight(f'{name}.weight', filters, x.shape[1], kernel, kernel), bias, stride, pad)

    def dense(self, name, x, features):
        return F.linear(x, self.weight(f'{name}.weight', features, x.shape[1]), self.weight(f'{name}.bias', features))

    def norm(self, name, x, training):
        c = x.shape[1]
        if name not in self.statistics:
            self.statistics[name] = dict(mean=torch.zeros(c), variance=torch.ones(c), count=x.numel() // c)
        own = self.statistics[name]
        scale, bias = self.weight(f'{name}.scale', c), self.weight(f'{name}.bias', c)
        return F.batch_norm(x, own['mean'], own['variance'], scale, bias, training, 0.1, 1e-5)

    def small(self, x, training):
        for i, (filters, pool) in enumerate([(24, False), (32, True), (64, True), (128, True), (192, False)]):
            name = f'backbone.conv{i + 1}'
            x = self.convolution(name, x, filters, 3, 2 if i == 0 and self.size == 64 else 1, 1, not self.batch_norm)
            x = F.relu(self.norm(f'{name}.norm', x, training) if self.batch_norm else x)
            x = F.max_pool2d(x, 2) if pool else x
        return F.relu(self.dense('backbone.dense', x.flatten(1), 192))

    def vgg16(self, x, training):
        for block, (filters, count) in enumerate([(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)]):
            for i in range(count):
                x = F.relu(self.convolution(f'backbone.conv{block + 1}_{i + 1}', x, filters, 3, 1, 1))
            x = F.max_pool2d(x, 2)
        x = x.mean((2, 3))
        for layer in (1, 2):
            x = F.relu(self.dense(f'backbone.dense{layer}', x, 4096))
            if training:
                keep = 1 - self.drop
                kept = torch.from_numpy(uniform(f'backbone.dropout{layer}', x.numel()) < keep).reshape(x.shape)
                x = x * kept / keep
        return x

    def low_resolution(self, x):
        if self.paths == 'strided':
            for i, (stride, pool, pool_stride) in enumerate([(16, 3, 4), (32, 7, 2)]):
                t = self.convolution(f'path{i + 1}', same(x, 8, stride), 96, 8, stride)
                yield F.max_pool2d(same(t, pool, pool_stride, -math.inf), pool, pool_stride)
        elif self.paths == 'subsampled':
            for i, (factor, pad) in enumerate([(4, 3), (8, 3)] if self.size == 64 else [(2, 3), (4, 4)]):
                t = F.relu(self.convolution(f'path{i + 1}', F.avg_pool2d(x, factor), 48, 8, 2, pad))
                yield F.max_pool2d(t, 3, 2, 1)

    def __call__(self, rows, training):
        x = torch.from_numpy(pictures(self.size)[:rows]).permute(0, 3, 1, 2).double() / 255
        x = (x - 0.4) / 0.25
        main = self.vgg16(x, training) if self.backbone == 'vgg16' else self.small(x, training)
        paths = [F.normalize(t.flatten(1)) for t in self.low_resolution(x)]
        features = torch.cat([F.normalize(main)] + paths, 1) if paths else main
        return F.normalize(self.dense('embedding', features, self.dimension))


def squared(a, b):
    return ((a - b) ** 2).sum(1)


def hinge(e, distance=squared):
    q, p, n = e[0::3], e[1::3], e[2::3]
    return F.relu(1 + distance(q, p) - distance(q, n)).mean()


def article_hinge(e):
    return hinge(e, lambda a, b: squared(a, b).sqrt())


def relations(e):
    y = torch.tensor(LABELS[: len(e)])
    same_class = y[:, None] == y[None]
    eye = torch.eye(len(y), dtype=torch.bool)
    return same_class & ~eye, ~same_class, eye


def semi_hard(e):
    """FaceNet: every ordered (q, p); the closest negative beyond D(q, p), else the farthest negative; gap 0.2."""
    positive, negative, _ = relations(e)
    d = ((e[:, None] - e[None]) ** 2).sum(2)
    i, j = positive.nonzero(as_tuple=True)
    to_positive, rows = d[i, j], d[i]
    farthest = rows.masked_fill(~negative[i], -1).max(1).values
    semi = rows.masked_fill(~negative[i] | (rows <= to_positive[:, None]), 9).min(1).values
    return F.relu(0.2 + to_positive - torch.where(semi < 9, semi, farthest)).mean()


def supcon(e):
    positive, _, eye = relations(e)
    logits = e @ e.T / 0.1
    log_share = logits - torch.logsumexp(logits.masked_fill(eye, -math.inf), 1, keepdim=True)
    return -((log_share * positive).sum(1) / positive.sum(1)).mean()


LOSSES = {'hinge': hinge, 'article-hinge': article_hinge, 'semi-hard': semi_hard, 'supcon': supcon}


def number(value):
    return float(f'{float(value):.6g}')


def numbers(values):
    return [number(value) for value in values]


def summaries(tensors, whole):
    """Of each tensor the norm and all elements, or those at `uniform('places of <name>', 16)` times the size."""
    result = {}
    for name, tensor in tensors.items():
        flat = tensor.detach().numpy().ravel()
        places = range(len(flat)) if name in whole else np.floor(uniform(f'places of {name}', 16) * len(flat)).astype(int)
        result[name] = dict(norm=number(np.linalg.norm(flat)), elements=numbers(flat[place] for place in places))
    return result


def gradients(network, rows, loss):
    value = loss(network(rows, True))
    names = list(network.weights)
    found = torch.autograd.grad(value, [network.weights[name] for name in names])
    return value, dict(zip(names, found))


def optimised(make, rows, optimizer):
    """Two steps with supcon: running statistics after the first, and how far every weight has moved after both."""
    network = make()
    network(rows, False)
    before = {name: weight.detach().clone() for name, weight in network.weights.items()}
    weights = network.weights.items()
    groups = [
        dict(params=[weight for name, weight in weights if name.endswith('.weight')], weight_decay=0.05),
        dict(params=[weight for name, weight in weights if not name.endswith('.weight')], weight_decay=0.0),
    ]
    step = optimizer(groups)
    losses = []
    for _ in range(2):
        loss = supcon(network(rows, True))
        step.zero_grad()
        loss.backward()
        if not losses:
            statistics = {
                name: dict(mean=numbers(own['mean'].tolist()), variance=numbers(own['variance'].tolist()), count=own['count'])
                for name, own in network.statistics.items()
            }
        step.step()
        losses.append(number(loss))
    moved = {name: network.weights[name] - before[name] for name in before}
    return dict(losses=losses, statistics=statistics, moved=summaries(moved, MOVED))


def case(make, rows, losses, whole, optimizers=()):
    network = make()
    with torch.no_grad():
        result = dict(rows=rows, embedding=numbers(network(rows, False).ravel().tolist()))
    result['parameters'] = sum(weight.numel() for weight in network.weights.values())
    result['losses'] = {}
    for name in losses:
        value, found = gradients(network, rows, LOSSES[name])
        result['losses'][name] = dict(loss=number(value), gradients=summaries(found, whole))
    result['optimizers'] = {name: optimised(make, rows, OPTIMIZERS[name]) for name in optimizers}
    return result


# AdamW's epsilon is large enough for a gradient's rounding not to turn a step round.
OPTIMIZERS = {
    'sgd': lambda groups: torch.optim.SGD(groups, lr=0.05, momentum=0.9, nesterov=True),
    'adamw': lambda groups: torch.optim.AdamW(groups, lr=0.003, eps=1e-3),
}
RANKING = ['supcon', 'hinge', 'semi-hard']
FEW = ['backbone.conv1.weight', 'backbone.conv1.norm.scale', 'backbone.conv5.norm.bias', 'path1.bias', 'embedding.bias']
MOVED = ['backbone.conv1.norm.bias', 'backbone.conv5.norm.scale', 'backbone.dense.bias', 'embedding.bias']
ARTICLE = ['backbone.conv1_1.weight', 'backbone.conv3_2.bias', 'path1.bias', 'embedding.bias']

cases = {
    'small at 64': case(lambda: Network(64, 'subsampled', 128), 6, RANKING, FEW, ['sgd', 'adamw']),
    'small at 28': case(lambda: Network(28, 'subsampled', 128), 6, RANKING, FEW, ['sgd', 'adamw']),
    'small without paths and norms': case(lambda: Network(28, 'none', 32, batch_norm=False), 6, ['supcon'], FEW),
    'article at 48': case(lambda: Network(48, 'strided', 64, backbone='vgg16', drop=0.6), 3, ['article-hinge'], ARTICLE),
}
json.dump(dict(madeBy=f'PyTorch {torch.__version__}, float64', labels=LABELS, cases=cases), sys.stdout, separators=(',', ':'))

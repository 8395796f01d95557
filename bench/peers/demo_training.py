"""The demo's training in PyTorch: a folder of class folders of PNGs, `small`, supervised contrastive loss, AdamW, judged on
the classes it has not seen. Seconds are the whole process's from the first file on: data, augmentation, evaluation.

Pictures are decoded once, by the DataLoader's dataset, and kept; its workers put batches together and augment them.
"""
import argparse
import hashlib
import math
import os
import time
import numpy as np
import torch
from PIL import Image
import augmentation
from losses import optimizer_of, supervised_contrastive
from measured import say
from networks import Network, parameter_count, pixels_to_unit

parser = argparse.ArgumentParser()
parser.add_argument('--folder', required=True)
parser.add_argument('--seed', type=int, default=0)
parser.add_argument('--steps', type=int, required=True)
parser.add_argument('--workers', type=int, required=True)
parser.add_argument('--threads', type=int, required=True)
parser.add_argument('--precision', choices=('float32', 'bfloat16'), default='float32')
a = parser.parse_args()
torch.set_num_threads(a.threads)
torch.manual_seed(a.seed)
rng = np.random.default_rng(a.seed)
started = time.perf_counter()

names = [name for name in os.listdir(a.folder) if os.path.isdir(os.path.join(a.folder, name))]
names.sort(key=lambda name: hashlib.sha1(name.encode()).hexdigest())
half = len(names) // 2


def read(path):
    with Image.open(path) as image:
        return np.array(image.convert('RGB'))


def load(classes):
    pixels, labels = [], []
    for label, name in enumerate(classes):
        folder = os.path.join(a.folder, name)
        for file in sorted(os.listdir(folder)):
            pixels.append(read(os.path.join(folder, file)))
            labels.append(label)
    return torch.from_numpy(np.stack(pixels)), np.array(labels)


class Batches(torch.utils.data.Dataset):
    """One item is one batch: its pictures, augmented, as float32, and its labels."""

    def __init__(self, pixels, labels, batches):
        self.pixels, self.labels, self.batches = pixels, labels, batches

    def __len__(self):
        return len(self.batches)

    def __getitem__(self, step):
        places = self.batches[step]
        numbers = augmentation.draw('small', len(places))
        with torch.no_grad():
            image = augmentation.apply('small', pixels_to_unit(self.pixels[places]), numbers)
        return image, torch.from_numpy(self.labels[places])


def batches_of(labels, steps, rows=120, each=4):
    """Classes are dealt from a shuffled deck, up to four pictures of each, until a batch is full."""
    places = [np.flatnonzero(labels == label) for label in range(labels.max() + 1)]
    deck = []
    for _ in range(steps):
        batch = []
        while len(batch) < rows:
            if not deck:
                deck = list(rng.permutation(len(places)))
            own = places[deck.pop()]
            batch += list(rng.choice(own, min(each, len(own), rows - len(batch)), replace=False))
        yield np.array(batch)


@torch.inference_mode()
def embed(network, pixels):
    network.eval()
    return torch.cat([network(batch) for batch in pixels.split(250)])


def judge(embeddings, labels):
    """Recall@1, Recall@5 and MAP@R: every picture asks for its neighbours among all others."""
    labels = torch.from_numpy(labels)
    relevant = torch.bincount(labels)[labels] - 1
    k = max(int(relevant.max()), 5)
    scores = embeddings @ embeddings.T
    scores.fill_diagonal_(-math.inf)
    hits = (labels[scores.topk(k).indices] == labels[:, None]).float()[relevant > 0]
    relevant = relevant[relevant > 0][:, None]
    rank = torch.arange(1, k + 1)
    precision = ((hits.cumsum(1) / rank * hits * (rank <= relevant)).sum(1, keepdim=True) / relevant).mean()
    return {'recallAt1': float(hits[:, 0].mean()), 'recallAt5': float(hits[:, :5].amax(1).mean()), 'mapAtR': float(precision)}


train, labels = load(names[:half])
sample = train[:: max(1, len(train) // 500)].float() / 255
network = Network('small', round(float(sample.mean()), 3), max(0.01, round(float(sample.std()), 3)))
network = network.to(memory_format=torch.channels_last)
optimizer = optimizer_of('small', network)
data = Batches(train, labels, list(batches_of(labels, a.steps)))
loader = torch.utils.data.DataLoader(data, batch_size=None, num_workers=a.workers)
warmup = 0.05 * a.steps
network.train()
images = 0
for step, (image, own) in enumerate(loader, 1):
    progress = (step - warmup) / (a.steps - warmup)
    factor = step / warmup if step <= warmup else 0.5 * (1 + math.cos(math.pi * progress))
    for group in optimizer.param_groups:
        group['lr'] = 0.003 * factor
    x = (image - network.mean) / network.deviation
    optimizer.zero_grad(set_to_none=True)
    with torch.autocast('cpu', torch.bfloat16, enabled=a.precision == 'bfloat16'):
        embedding = network.body(x.contiguous(memory_format=torch.channels_last))
    supervised_contrastive(embedding.float(), own).backward()
    optimizer.step()
    images += len(own)
training = time.perf_counter() - started
test, classes = load(names[half:])
measures = judge(embed(network, test), classes)
say(
    time.perf_counter() - started,
    trainingSeconds=training,
    parameters=parameter_count(network),
    trainImages=len(train),
    testImages=len(test),
    steps=a.steps,
    imagesThroughNetwork=images,
    **measures,
)

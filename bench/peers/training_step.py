"""Median seconds of a training step of a preset on random pictures: augmentation, forward, loss, backward, update."""
import argparse
import torch
import augmentation
from losses import hinge, optimizer_of, supervised_contrastive
from measured import median_seconds, say
from networks import LAYOUTS, SETTINGS, Network, multiply_adds, parameter_count

parser = argparse.ArgumentParser()
parser.add_argument('--network', choices=SETTINGS, required=True)
parser.add_argument('--layout', choices=LAYOUTS, default='channels-last')
parser.add_argument('--precision', choices=('float32', 'bfloat16'), default='float32')
parser.add_argument('--threads', type=int, required=True)
parser.add_argument('--steps', type=int, required=True)
a = parser.parse_args()
torch.set_num_threads(a.threads)
torch.manual_seed(0)
settings = SETTINGS[a.network]
network = Network(a.network).to(memory_format=LAYOUTS[a.layout])
optimizer = optimizer_of(a.network, network)
image = torch.randint(0, 256, (settings.rows, settings.size, settings.size, 3), dtype=torch.uint8)
labels = torch.arange(settings.rows) // 4
numbers = augmentation.draw(a.network, settings.rows)
network.train()


def step():
    optimizer.zero_grad(set_to_none=True)
    with torch.autocast('cpu', torch.bfloat16, enabled=a.precision == 'bfloat16'):
        embedding = network(image, lambda x: augmentation.apply(a.network, x, numbers), LAYOUTS[a.layout])
    embedding = embedding.float()
    loss = hinge(embedding) if a.network == 'article' else supervised_contrastive(embedding, labels)
    loss.backward()
    optimizer.step()
    return float(loss.detach())


seconds = median_seconds(step, a.steps)
say(
    seconds,
    parameters=parameter_count(network),
    multiplyAdds=multiply_adds(network, settings.size),
    rows=settings.rows,
    size=settings.size,
)

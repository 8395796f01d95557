"""Median seconds of a forward pass: uint8 pictures to embeddings, for inference."""
import argparse
import torch
from measured import median_seconds, say
from networks import LAYOUTS, SETTINGS, Network, multiply_adds, parameter_count

parser = argparse.ArgumentParser()
parser.add_argument('--network', choices=SETTINGS, required=True)
parser.add_argument('--layout', choices=LAYOUTS, default='channels-last')
parser.add_argument('--threads', type=int, required=True)
parser.add_argument('--passes', type=int, required=True)
a = parser.parse_args()
torch.set_num_threads(a.threads)
torch.manual_seed(0)
settings = SETTINGS[a.network]
network = Network(a.network).to(memory_format=LAYOUTS[a.layout]).eval()
image = torch.randint(0, 256, (settings.rows, settings.size, settings.size, 3), dtype=torch.uint8)
with torch.inference_mode():
    seconds = median_seconds(lambda: network(image, layout=LAYOUTS[a.layout]), a.passes)
say(
    seconds,
    parameters=parameter_count(network),
    multiplyAdds=multiply_adds(network, settings.size),
    rows=settings.rows,
    size=settings.size,
)

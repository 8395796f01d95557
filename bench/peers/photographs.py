"""Seconds from a folder of JPEG files to vectors: PIL decodes and resizes, PyTorch's DataLoader brings them, the network embeds.

The network's start is not counted, the workers' is. With --draft the JPEG decoder may scale down to no less than the target.
"""
import argparse
import os
import time
import numpy as np
import torch
from PIL import Image
from measured import say
from networks import SETTINGS, Network, parameter_count

parser = argparse.ArgumentParser()
parser.add_argument('--network', choices=SETTINGS, required=True)
parser.add_argument('--folder', required=True)
parser.add_argument('--count', type=int, required=True, help='the first so many files, by name')
parser.add_argument('--batch', type=int, required=True)
parser.add_argument('--workers', type=int, required=True)
parser.add_argument('--threads', type=int, required=True)
parser.add_argument('--draft', action='store_true')
parser.add_argument('--precision', choices=('float32', 'bfloat16'), default='float32')
parser.add_argument('--size', type=int, help="pixels a side, where they are not the network's usual ones")
a = parser.parse_args()
torch.set_num_threads(a.threads)
torch.manual_seed(0)
size = a.size or SETTINGS[a.network].size


class Photographs(torch.utils.data.Dataset):
    def __init__(self, paths):
        self.paths = paths

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, place):
        with Image.open(self.paths[place]) as image:
            if a.draft:
                image.draft('RGB', (size, size))
            resized = image.convert('RGB').resize((size, size), Image.Resampling.BILINEAR)
        return torch.from_numpy(np.array(resized))


paths = [os.path.join(a.folder, name) for name in sorted(os.listdir(a.folder)) if name.endswith('.jpg')][: a.count]
network = Network(a.network).to(memory_format=torch.channels_last).eval()
with torch.inference_mode(), torch.autocast('cpu', torch.bfloat16, enabled=a.precision == 'bfloat16'):
    network(torch.zeros(a.batch, size, size, 3, dtype=torch.uint8))
    started = time.perf_counter()
    loader = torch.utils.data.DataLoader(Photographs(paths), batch_size=a.batch, num_workers=a.workers)
    vectors = torch.cat([network(batch) for batch in loader])
    seconds = time.perf_counter() - started
say(seconds, parameters=parameter_count(network), images=len(vectors), dimension=vectors.shape[1])

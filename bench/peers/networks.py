"""The networks of the presets `small` and `article`, and EfficientNet-Lite0 under a head, layer by layer those of src/ranking/networks.

Input: uint8 [N, H, W, 3]. Output: float32 [N, D] of unit length.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F


class Settings:
    def __init__(self, size, rows, dimension, mean, deviation):
        self.size, self.rows, self.dimension, self.mean, self.deviation = size, rows, dimension, mean, deviation


SETTINGS = {
    'small': Settings(64, 120, 128, 0.5, 0.25),
    'article': Settings(224, 24, 4096, 0.0, 1.0),
    'lite0': Settings(128, 60, 128, 0.5, 0.5),
}


def pixels_to_unit(image):
    """uint8 [N, H, W, 3] to float [N, 3, H, W], 0 to 1; in memory it stays channels last."""
    return image.permute(0, 3, 1, 2).float() / 255


def same(x, kernel, stride, value=0.0):
    """Padding by the rule SAME: output length = ceil(input length / stride), an odd place goes behind."""
    pad = []
    for length in (x.shape[3], x.shape[2]):
        total = max((-(-length // stride) - 1) * stride + kernel - length, 0)
        pad += [total // 2, total - total // 2]
    return F.pad(x, pad, value=value) if any(pad) else x


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        layers, channels = [], 3
        for filters, stride, pool in ((24, 2, False), (32, 1, True), (64, 1, True), (128, 1, True), (192, 1, False)):
            layers += [nn.Conv2d(channels, filters, 3, stride, 1, bias=False), nn.BatchNorm2d(filters)]
            # Pool before ReLU: the same values for less work.
            layers += ([nn.MaxPool2d(2)] if pool else []) + [nn.ReLU(inplace=True)]
            channels = filters
        self.trunk = nn.Sequential(*layers)
        self.dense = nn.Linear(192 * 4 * 4, 192)
        self.paths = nn.ModuleList([nn.Conv2d(3, 48, 8, 2, 3), nn.Conv2d(3, 48, 8, 2, 3)])
        self.embedding = nn.Linear(192 + 48 * 4 * 4 + 48 * 2 * 2, 128)

    def forward(self, x):
        parts = [F.normalize(F.relu(self.dense(self.trunk(x).flatten(1))))]
        for subsample, path in zip((4, 8), self.paths):
            low = F.max_pool2d(F.relu(path(F.avg_pool2d(x, subsample, ceil_mode=True))), 3, 2, 1)
            parts.append(F.normalize(low.flatten(1)))
        return F.normalize(self.embedding(torch.cat(parts, 1)))


class Article(nn.Module):
    def __init__(self):
        super().__init__()
        layers, channels = [], 3
        for block in ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512)):
            for place, filters in enumerate(block):
                layers.append(nn.Conv2d(channels, filters, 3, 1, 1))
                layers += [nn.MaxPool2d(2)] if place == len(block) - 1 else []
                layers.append(nn.ReLU(inplace=True))
                channels = filters
        self.vgg = nn.Sequential(*layers)
        head = [nn.Linear(512, 4096), nn.ReLU(), nn.Dropout(0.6), nn.Linear(4096, 4096), nn.ReLU(), nn.Dropout(0.6)]
        self.head = nn.Sequential(*head)
        self.path1, self.path2 = nn.Conv2d(3, 96, 8, 16), nn.Conv2d(3, 96, 8, 32)
        self.embedding = nn.Linear(4096 + 2 * 96 * 4 * 4, 4096)

    def forward(self, x):
        main = F.normalize(self.head(self.vgg(x).mean((2, 3))))
        lowest = float('-inf')
        first = F.max_pool2d(same(self.path1(same(x, 8, 16)), 3, 4, lowest), 3, 4)
        second = F.max_pool2d(same(self.path2(same(x, 8, 32)), 7, 2, lowest), 7, 2)
        low = [F.normalize(path.flatten(1)) for path in (first, second)]
        return F.normalize(self.embedding(torch.cat([main] + low, 1)))


# Blocks, side of the filters, stride of the first one, times that channels are expanded, filters that come out.
LITE0_STAGES = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320)]


class Residual(nn.Module):
    """Inverted residual: 1 x 1 to more channels, depthwise, 1 x 1 to few; past it where the shape stays."""

    def __init__(self, channels, size, stride, expansion, filters):
        super().__init__()
        inner, layers = channels * expansion, []
        if expansion > 1:
            layers += [nn.Conv2d(channels, inner, 1, bias=False), nn.BatchNorm2d(inner), nn.ReLU6(inplace=True)]
        layers += [nn.Conv2d(inner, inner, size, stride, size // 2, groups=inner, bias=False), nn.BatchNorm2d(inner)]
        layers += [nn.ReLU6(inplace=True), nn.Conv2d(inner, filters, 1, bias=False), nn.BatchNorm2d(filters)]
        self.layers, self.bypassed = nn.Sequential(*layers), stride == 1 and channels == filters

    def forward(self, x):
        return x + self.layers(x) if self.bypassed else self.layers(x)


class Lite0(nn.Module):
    """EfficientNet-Lite0 (Tan and Le 2019) as it is fine-tuned: batch normalisation by the statistics that it comes with."""

    def __init__(self):
        super().__init__()
        layers, channels = [nn.Conv2d(3, 32, 3, 2, 1, bias=False), nn.BatchNorm2d(32), nn.ReLU6(inplace=True)], 32
        for blocks, size, stride, expansion, filters in LITE0_STAGES:
            for block in range(blocks):
                layers.append(Residual(channels, size, stride if block == 0 else 1, expansion, filters))
                channels = filters
        layers += [nn.Conv2d(channels, 1280, 1, bias=False), nn.BatchNorm2d(1280), nn.ReLU6(inplace=True)]
        self.trunk = nn.Sequential(*layers)
        self.embedding = nn.Linear(1280, 128)

    def train(self, mode=True):
        return super().train(False)

    def forward(self, x):
        return F.normalize(self.embedding(F.normalize(self.trunk(x).mean((2, 3)))))


class Network(nn.Module):
    """Pixel normalisation and the network. `augment` goes in between where it is given."""

    def __init__(self, name, mean=None, deviation=None):
        super().__init__()
        settings = SETTINGS[name]
        self.mean = settings.mean if mean is None else mean
        self.deviation = settings.deviation if deviation is None else deviation
        self.body = {'small': Small, 'article': Article, 'lite0': Lite0}[name]()
        for layer in self.body.modules():
            if isinstance(layer, (nn.Conv2d, nn.Linear)):
                nn.init.kaiming_normal_(layer.weight, nonlinearity='relu')
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)
        nn.init.xavier_uniform_(self.body.embedding.weight)

    def forward(self, image, augment=None, layout=torch.channels_last):
        x = pixels_to_unit(image)
        x = x if augment is None else augment(x)
        if self.mean != 0 or self.deviation != 1:
            x = (x - self.mean) / self.deviation
        return self.body(x.contiguous(memory_format=layout))


def parameter_count(network):
    return sum(parameter.numel() for parameter in network.parameters())


def multiply_adds(network, size):
    """Of one image forward: convolutions and linear layers."""
    total = []

    def count(layer, _, output):
        each = layer.weight[0].numel() if isinstance(layer, nn.Conv2d) else layer.in_features
        total.append(output[0].numel() * each)

    hooks = [l.register_forward_hook(count) for l in network.modules() if isinstance(l, (nn.Conv2d, nn.Linear))]
    training = network.training
    network.eval()
    with torch.no_grad():
        network(torch.zeros(1, size, size, 3, dtype=torch.uint8))
    network.train(training)
    for hook in hooks:
        hook.remove()
    return sum(total)


LAYOUTS = {'channels-last': torch.channels_last, 'contiguous': torch.contiguous_format}

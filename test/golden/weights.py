"""Makes weights.json and the small files of weights in weights/, by the reference libraries, with what the networks give.

Run: KERAS_BACKEND=torch python3 weights.py        (pip install torch safetensors h5py keras; versions are written down)

- <backbone>.safetensors: state dictionaries of thin networks (each layer divided by 32) with torchvision's names, by safetensors.
- vgg16-timm.safetensors: the same with timm's names for the dense layers, as float64.
- vgg16-notop.h5: the layout of Keras's `vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5` of 2016, by h5py.
- deepranking.h5: the article's whole network, thin, built with Keras's layers and saved by Keras's `save_weights`.

Weights and pictures come from `backbones.py`'s integer hash. Expected values: features, or the embedding, before any
normalisation to unit length but the network's own.
"""
import json
import os
from pathlib import Path

os.environ.setdefault('KERAS_BACKEND', 'torch')
import h5py
import keras
import numpy as np
import safetensors
import safetensors.torch
import torch
import torch.nn.functional as F
from keras import layers

from backbones import VGG16, Network, initial, picture

THINNESS = 32
HERE = Path(__file__).parent
MEAN, DEVIATION = (torch.tensor(v).view(1, 3, 1, 1) for v in ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
flat = lambda t: [float(f'{v:.7g}') for v in np.asarray(t).ravel().tolist()]


def torch_files():
    for backbone, side in [('vgg16', 64), ('vgg16-bn', 48), ('alexnet-tv', 95), ('resnet18', 64), ('resnet50', 64)]:
        network = Network(thinness=THINNESS)
        features = network.features(backbone, (picture(side) - MEAN) / DEVIATION)
        state = {name: value.float().contiguous() for name, value in network.weights.items()}
        # What a classifier has beside them.
        last = 'fc' if backbone.startswith('resnet') else 'classifier.6'
        state[f'{last}.weight'] = initial('last', (10, features.shape[1])).float()
        state[f'{last}.bias'] = torch.zeros(10)
        for name in [n for n in state if n.endswith('running_mean')]:
            state[name.replace('running_mean', 'num_batches_tracked')] = torch.tensor(7)
        safetensors.torch.save_file(state, HERE / 'weights' / f'{backbone}.safetensors', {'format': 'pt'})
        yield backbone, dict(side=side, features=flat(features))
        if backbone == 'vgg16':
            timm = {n.replace('classifier.0', 'pre_logits.fc1').replace('classifier.3', 'pre_logits.fc2'): v for n, v in network.weights.items()}
            safetensors.torch.save_file(timm, HERE / 'weights' / 'vgg16-timm.safetensors')


def keras_names():
    """Our place, Keras's name and number of filters of each convolution of VGG16."""
    block, place, feature = 1, 1, 0
    for filters in VGG16:
        if filters == 'M':
            block, place, feature = block + 1, 1, feature + 1
            continue
        yield f'block{block}_conv{place}', f'features.{feature}', filters // THINNESS
        place, feature = place + 1, feature + 2


def vgg16_notop():
    """Keras's VGG16 takes blue, green, red, from 0 to 255, without their mean: computed here by PyTorch from the same filters."""
    side = 64
    network = Network(thinness=THINNESS)
    bgr = 255 * picture(side).flip(1) - torch.tensor([103.939, 116.779, 123.68]).view(1, 3, 1, 1)
    # The first filters are for values of about 1; made for values of about 100.
    network.weights['features.0.weight'] = initial('features.0.weight', (2, 3, 3, 3)) / 64
    maps = network.vgg(bgr, False)
    with h5py.File(HERE / 'weights' / 'vgg16-notop.h5', 'w') as file:
        names = list(keras_names())
        file.attrs['layer_names'] = [name.encode() for name, _, _ in names]
        for name, ours, _ in names:
            group = file.create_group(name)
            group.attrs['weight_names'] = [f'{name}_W_1:0'.encode(), f'{name}_b_1:0'.encode()]
            group[f'{name}_W_1:0'] = network.weights[f'{ours}.weight'].permute(2, 3, 1, 0).numpy().astype(np.float32)
            group[f'{name}_b_1:0'] = network.weights[f'{ours}.bias'].numpy().astype(np.float32)
    return dict(side=side, convolutional=flat(maps.mean((2, 3))))


def deepranking():
    """Zingade's `deep_rank_model`, thin, at 128 x 128, with an embedding of 8; its names as his Keras numbered them."""
    side = 128
    unit = lambda x: keras.ops.normalize(x, axis=1, order=2, epsilon=1e-12)
    x = image = keras.Input((side, side, 3), name='input_1')
    for (name, _, filters), after in zip(keras_names(), [f for i, f in enumerate(VGG16[1:] + ['end']) if VGG16[i] != 'M']):
        x = layers.Conv2D(filters, 3, padding='same', activation='relu', name=name)(x)
        if after == 'M':
            x = layers.MaxPooling2D(2, name=f'{name[:6]}_pool')(x)
    x = layers.GlobalAveragePooling2D(name='global_average_pooling2d_1')(x)
    for place in (1, 2):
        x = layers.Dense(4096 // THINNESS, activation='relu', name=f'dense_{place}')(x)
        x = layers.Dropout(0.6, name=f'dropout_{place}')(x)
    x = layers.Lambda(unit, name='lambda_1')(x)
    paths = []
    for place, (stride, pool, pool_stride) in enumerate([(16, 3, 4), (32, 7, 2)], 1):
        t = layers.Conv2D(96, 8, strides=stride, padding='same', name=f'conv2d_{place}')(image)
        t = layers.MaxPooling2D(pool, strides=pool_stride, padding='same', name=f'max_pooling2d_{place}')(t)
        paths.append(layers.Lambda(unit, name=f'lambda_{place + 1}')(layers.Flatten(name=f'flatten_{place}')(t)))
    joined = layers.concatenate([layers.concatenate(paths, name='concatenate_1'), x], name='concatenate_2')
    output = layers.Lambda(unit, name='lambda_4')(layers.Dense(8, name='dense_3')(joined))
    model = keras.Model(image, output)
    for layer in model.layers:
        for variable in layer.weights:
            shape = tuple(variable.shape)
            # Fan-in is of all axes but the last.
            made = initial(f'{layer.name}.weight' if len(shape) > 1 else f'{layer.name}.bias', shape[::-1] if len(shape) > 1 else shape)
            made = made.reshape(shape[::-1]).permute(*range(len(shape))[::-1]) if len(shape) > 1 else made
            variable.assign(made.numpy().astype(np.float32))
    from keras.src.legacy.saving import legacy_h5_format

    with h5py.File(HERE / 'weights' / 'deepranking.h5', 'w') as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)
    pixels = picture(side).permute(0, 2, 3, 1).numpy().astype(np.float32)
    return dict(side=side, embedding=flat(model(pixels, training=False).detach().numpy()))


with torch.no_grad():
    cases = dict(torch_files())
    cases['vgg16-notop'] = vgg16_notop()
cases['deepranking'] = deepranking()
made_by = f'PyTorch {torch.__version__}, safetensors {safetensors.__version__}, Keras {keras.__version__}, h5py {h5py.__version__}, HDF5 {h5py.version.hdf5_version}'
(HERE / 'weights.json').write_text(json.dumps(dict(madeBy=made_by, cases=cases), separators=(',', ':')))

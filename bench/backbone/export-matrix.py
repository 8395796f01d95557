"""Exports image networks of random weights for backbone-matrix.mjs: python export-matrix.py <folder> [names ...].

Needs torch, torchvision, timm, transformers, onnx, onnxscript. Each network is written by both of PyTorch's exporters, with an open
batch axis and for one picture. Beside each network <name>.json has two pictures' worth of what PyTorch makes of them: the mean over
places (or tokens) of the last features before the pool, and the picture's side. Files that are there already are kept.
"""
import json
import pathlib
import sys
import warnings

warnings.filterwarnings("ignore")
import numpy  # noqa: E402
import timm  # noqa: E402
import torch  # noqa: E402
import torchvision  # noqa: E402
import transformers  # noqa: E402

torch.backends.mha.set_fastpath_enabled(False)  # the fused attention has no ONNX form

# name: (side, arguments of timm.create_model). Small ones, so that the whole matrix takes minutes.
timm_networks = {
    "resnet18": (64, {}),
    "regnety_002": (64, {}),
    "mobilenetv3_small_050": (64, {}),
    "mobilenetv4_conv_small": (64, {}),
    "efficientnet_lite0": (64, {}),
    "efficientnet_b0": (64, {}),
    "convnext_atto": (64, {}),
    "convnextv2_atto": (64, {}),
    "vit_tiny_patch16_224": (64, {"img_size": 64, "depth": 2}),
    "vit_small_patch14_dinov2": (56, {"img_size": 56, "depth": 2}),
    "vit_small_patch16_dinov3": (64, {"img_size": 64, "depth": 2}),
    "vit_base_patch32_clip_224": (64, {"img_size": 64, "depth": 2, "embed_dim": 96, "num_heads": 3}),
    "vit_base_patch16_siglip_224": (64, {"img_size": 64, "depth": 2, "embed_dim": 96, "num_heads": 3}),
    "eva02_tiny_patch14_224": (56, {"img_size": 56, "depth": 2}),
    "beit_base_patch16_224": (64, {"img_size": 64, "depth": 2, "embed_dim": 96, "num_heads": 3}),
    "deit_tiny_distilled_patch16_224": (64, {"img_size": 64, "depth": 2}),
    "swin_tiny_patch4_window7_224": (112, {"img_size": 112, "embed_dim": 24, "depths": (2, 2), "num_heads": (2, 4)}),
    "swinv2_cr_tiny_224": (112, {"img_size": 112, "embed_dim": 24, "depths": (2, 2), "num_heads": (2, 4)}),
    "maxvit_rmlp_pico_rw_256": (64, {"img_size": 64}),
    "mobilevit_xxs": (64, {}),
    "mixer_s32_224": (64, {"img_size": 64}),
    "resmlp_12_224": (64, {"img_size": 64}),
    "poolformer_s12": (64, {}),
    "xcit_nano_12_p16_224": (64, {}),
    "cait_xxs24_224": (64, {"img_size": 64, "depth": 2}),
    "levit_128s": (224, {}),
    "edgenext_xx_small": (64, {}),
    "repvit_m0_9": (64, {}),
    "fastvit_t8": (64, {}),
    "efficientvit_b0": (64, {}),
    "tiny_vit_5m_224": (224, {}),
    "hiera_tiny_224": (224, {"stages": (1, 1, 1, 1)}),
    "focalnet_tiny_srf": (64, {"embed_dim": 24}),
    "mambaout_femto": (64, {}),
    "inception_next_atto": (64, {}),
}
torchvision_networks = {
    "tv_resnet18": (64, lambda: torchvision.models.resnet18(), lambda m, x: torch.nn.Sequential(*list(m.children())[:-2])(x)),
    "tv_mobilenet_v3_small": (64, lambda: torchvision.models.mobilenet_v3_small(), lambda m, x: m.features(x)),
    "tv_efficientnet_b0": (64, lambda: torchvision.models.efficientnet_b0(), lambda m, x: m.features(x)),
    "tv_densenet": (64, lambda: torchvision.models.DenseNet(8, (2, 2, 2, 2), 16), lambda m, x: torch.relu(m.features(x))),
    "tv_convnext_tiny": (64, lambda: torchvision.models.ConvNeXt([torchvision.models.convnext.CNBlockConfig(16, 32, 1), torchvision.models.convnext.CNBlockConfig(32, None, 1)]), lambda m, x: m.features(x)),
    "tv_vit": (64, lambda: torchvision.models.VisionTransformer(64, 16, 2, 2, 48, 96), lambda m, x: m.encoder(torch.cat([m.class_token.expand(len(x), -1, -1), m._process_input(x)], 1)).permute(0, 2, 1)),
    "tv_swin": (64, lambda: torchvision.models.SwinTransformer([4, 4], 24, [2, 2], [2, 4], [4, 4]), lambda m, x: m.permute(m.norm(m.features(x)))),
    "tv_maxvit": (64, lambda: torchvision.models.MaxVit((64, 64), 16, 2, [32, 64], [1, 1], 16, 0.0), lambda m, x: features_of_blocks(m, x)),
}

vit = {"hidden_size": 48, "num_hidden_layers": 2, "num_attention_heads": 3, "intermediate_size": 96}
# name: (side, axis of the channels of last_hidden_state, network)
transformers_networks = {
    "hf_vit": (64, 2, lambda: transformers.ViTModel(transformers.ViTConfig(image_size=64, **vit))),
    "hf_deit": (64, 2, lambda: transformers.DeiTModel(transformers.DeiTConfig(image_size=64, **vit))),
    "hf_dinov2": (56, 2, lambda: transformers.Dinov2Model(transformers.Dinov2Config(image_size=56, patch_size=14, **vit))),
    "hf_clip_vision": (64, 2, lambda: transformers.CLIPVisionModel(transformers.CLIPVisionConfig(image_size=64, **vit))),
    "hf_siglip_vision": (64, 2, lambda: transformers.SiglipVisionModel(transformers.SiglipVisionConfig(image_size=64, **vit))),
    "hf_beit": (64, 2, lambda: transformers.BeitModel(transformers.BeitConfig(image_size=64, **vit))),
    "hf_swin": (64, 2, lambda: transformers.SwinModel(transformers.SwinConfig(image_size=64, window_size=4, embed_dim=24, depths=[2, 2], num_heads=[2, 4]))),
    "hf_mobilevit": (64, 1, lambda: transformers.MobileViTModel(transformers.MobileViTConfig(image_size=64, hidden_sizes=[48, 64, 80], neck_hidden_sizes=[8, 16, 24, 32, 40, 48, 96]))),
    "hf_convnext": (64, 1, lambda: transformers.ConvNextModel(transformers.ConvNextConfig(image_size=64, hidden_sizes=[16, 32, 48, 64], depths=[1, 1, 1, 1]))),
    "hf_resnet": (64, 1, lambda: transformers.ResNetModel(transformers.ResNetConfig(embedding_size=16, hidden_sizes=[16, 32, 48, 64], depths=[1, 1, 1, 1]))),
    "hf_regnet": (64, 1, lambda: transformers.RegNetModel(transformers.RegNetConfig(embedding_size=16, hidden_sizes=[16, 32, 48, 64], depths=[1, 1, 1, 1], groups_width=8))),
    "hf_mobilenet_v2": (64, 1, lambda: transformers.MobileNetV2Model(transformers.MobileNetV2Config(image_size=64, depth_multiplier=0.35))),
}


class Outputs(torch.nn.Module):
    """A network of transformers that gives its tensors, as it is exported for feature extraction."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x):
        out = self.network(pixel_values=x)
        pooled = getattr(out, "pooler_output", None)
        return out.last_hidden_state if pooled is None else (out.last_hidden_state, pooled)


def hidden(m, x):
    out = m(x)
    return out[0] if isinstance(out, tuple) else out


def features_of_blocks(m, x):
    x = m.stem(x)
    for block in m.blocks:
        x = block(x)
    return x


def random(m, seed):
    torch.manual_seed(seed)
    for p in m.parameters():
        p.requires_grad_(False)
        if p.dim() <= 1 or p.abs().max() == 0:
            p.add_(torch.randn(p.shape) * 0.05)
    return m.eval()


def pooled(features, width):
    """Mean over all axes but the batch and the one of `width` channels; the axis is timm's word, not a guess of ours."""
    axes = [axis for axis in range(1, features.dim()) if axis != width]
    return features.mean(axes) if axes else features


def main(folder, wanted):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    networks = {}
    for name, (side, choices) in timm_networks.items():
        networks[name] = (side, lambda name=name, choices=choices: timm.create_model(name, pretrained=False, num_classes=10, **choices), None, 1)
    for name, (side, make, features_of) in torchvision_networks.items():
        networks[name] = (side, make, features_of, 1)
    for name, (side, channel, make) in transformers_networks.items():
        networks[name] = (side, lambda make=make: Outputs(make()), hidden, channel)
    for name in wanted or networks:
        side, make, features_of, channel = networks[name]
        seed = list(networks).index(name)
        torch.manual_seed(seed)
        try:
            m = random(make(), seed)
        except Exception as error:
            print(f"{name}: cannot be made: {error}".splitlines()[0], flush=True)
            continue
        x = torch.rand(2, 3, side, side)
        with torch.no_grad():
            if features_of is None:
                f = m.forward_features(x)
                f = f[0] if isinstance(f, tuple) else f
                if f.dim() == 3 and getattr(m, "global_pool", "") == "avg":
                    f = f[:, getattr(m, "num_prefix_tokens", 0):]  # its pool leaves the class token and registers out
                form = str(getattr(m, "output_fmt", "NCHW" if f.dim() == 4 else "NLC"))
                channel = f.dim() - 1 if form.endswith(("NHWC", "NLC")) or f.dim() == 3 else 1
            else:
                f = features_of(m, x)
            vector = pooled(f, channel)
        fact = {"side": side, "shape": list(f.shape), "channel": channel, "features": vector.tolist(), "pictures": x.numpy().astype(numpy.float32).ravel().tolist()}
        (folder / f"{name}.json").write_text(json.dumps(fact))
        for exporter in ("torchscript", "dynamo"):
            for batch in ("open", "one"):
                file = folder / f"{name}.{exporter}.{batch}.onnx"
                if file.exists():
                    continue
                sample = x if batch == "open" else x[:1]
                try:
                    with torch.no_grad():
                        if exporter == "torchscript":
                            axes = {"image": {0: "N"}, "out": {0: "N"}} if batch == "open" else None
                            torch.onnx.export(m, (sample,), str(file), dynamo=False, opset_version=17, input_names=["image"], output_names=["out"], dynamic_axes=axes)
                        else:
                            shapes = ({0: torch.export.Dim("N")},) if batch == "open" else None
                            torch.onnx.export(m, (sample,), str(file), input_names=["image"], output_names=["out"], dynamic_shapes=shapes, external_data=False, verbose=False)
                except Exception as error:
                    print(f"{name} {exporter} {batch}: not exported: {str(error).splitlines()[0][:200]}", flush=True)
        print(name, flush=True)


main(sys.argv[1], sys.argv[2:])

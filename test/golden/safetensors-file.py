"""Writes safetensors-file.safetensors with the reference implementation: pip install safetensors==0.8.0 numpy==2.4.6"""
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

tensors = {
    "weight": np.array([[1.5, -2.25, 3.0e-40], [np.inf, -0.0, 65504.0]], np.float32),
    "double": np.array([np.pi, -1e300], np.float64),
    "steps": np.array([2**62 + 1, -1], np.int64),
    "count": np.array(-7, np.int32),
    "bytes": np.arange(6, dtype=np.uint8).reshape(1, 2, 3),
    "signed": np.array([-128, 127], np.int8),
    "mask": np.array([True, False, True]),
    "empty": np.zeros((0, 4), np.float32),
    "ünï \"code\"": np.array([0.1], np.float32),
}
save_file(tensors, Path(__file__).with_suffix(".safetensors"), metadata={"made by": "Python \"safetensors\""})

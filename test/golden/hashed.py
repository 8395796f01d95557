"""The numbers that golden scripts and tests compute alike instead of storing them; test/support/hashed-numbers.ts."""
import numpy as np


def uniform(name, size):
    """`size` numbers in [0, 1): 32 bits of FNV-1a over the name, plus the index times a constant, by murmur3's finaliser."""
    start = 0x811C9DC5
    for character in name.encode():
        start = ((start ^ character) * 0x01000193) & 0xFFFFFFFF
    x = (np.arange(size, dtype=np.uint64) * np.uint64(0x9E3779B1) + np.uint64(start)).astype(np.uint32)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        x = (x ^ (x >> np.uint32(shift))) * np.uint32(factor)
    return (x ^ (x >> np.uint32(16))).astype(np.float64) / 2**32

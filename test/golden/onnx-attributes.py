"""Writes onnx-attributes.json: ONNX's own attribute names and kinds of each operator in opset 20 (onnx 1.23.2).

Takes the operators from standard input: python onnx-attributes.py < names.txt > onnx-attributes.json
"""
import json
import sys
from onnx import defs

names = sys.stdin.read().split()
print("{")
rows = []
for name in names:
    schema = defs.get_schema(name, 20, "")
    kinds = {key: str(value.type).split(".")[-1] for key, value in sorted(schema.attributes.items())}
    rows.append(f'  "{name}": {json.dumps(kinds)}')
print(",\n".join(rows))
print("}")

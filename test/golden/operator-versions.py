"""Prints the table in src/graph/onnx/operator-versions.ts: python operator-versions.py (onnx 1.23.2).

A version that changes nothing but the element types of an operator is left out.
"""
from onnx import defs

newest = 28


def parameters(parameters):
    return [(p.name, p.option, p.is_homogeneous, p.min_arity, p.type_str) for p in parameters]


def meaning(schema):
    attributes = {
        name: (a.type, a.required, a.default_value.SerializeToString()) for name, a in schema.attributes.items()
    }
    text = " ".join(schema.doc.split())
    return text, attributes, parameters(schema.inputs), parameters(schema.outputs), schema.deprecated


history = {}
for schema in defs.get_all_schemas_with_history():
    if schema.domain == "" and schema.since_version <= newest:
        history.setdefault(schema.name, []).append(schema)
for name in sorted(history):
    schemas = sorted(history[name], key=lambda schema: schema.since_version)
    kept = [s.since_version for i, s in enumerate(schemas) if i == 0 or meaning(s) != meaning(schemas[i - 1])]
    print(f"  {name}: {kept},")

import { GraphError } from '../../foundation/errors/graph-error.ts';
import type { Graph, Node, Value } from '../builder/graph.ts';
import type { NeededParts } from './needed.ts';

/** The names under which values and nodes go into a file. */
export interface FileNames {
  readonly values: ReadonlyMap<Value, string>;
  readonly nodes: ReadonlyMap<Node, string>;
  /** Outputs that need a value of their own, because the value they name already has another name. */
  readonly copies: readonly { readonly name: string; readonly node: string; readonly value: Value }[];
}

/**
 * Chooses names: in a file, an output's name is the name of a value, so the value behind an output takes the output's name.
 * An input, a constant and a value behind two outputs cannot; a copy does it for them. Whatever else has the name of an
 * output gets a number behind it, and no two things share a name.
 *
 * @throws if an output has the name of an input that is another value.
 */
export function fileNames(graph: Graph, parts: NeededParts): FileNames {
  const taken = new Set<string>(graph.outputs.keys());
  for (const { name } of [...parts.inputs, ...parts.constants, ...parts.nodes]) taken.add(name);
  for (const { outputs } of parts.nodes) for (const { name } of outputs) taken.add(name);

  const free = (wanted: string): string => {
    let name = wanted;
    for (let number = 1; taken.has(name); number++) name = `${wanted}_${number}`;
    taken.add(name);
    return name;
  };
  const unlessOutput = (name: string) => (graph.outputs.has(name) ? free(name) : name);

  const values = new Map<Value, string>();
  for (const input of parts.inputs) {
    const output = graph.outputs.get(input.name);
    if (output !== undefined && output !== input) {
      throw new GraphError(
        `'${input.name}' names both an input and an output of the graph: give the output another name`,
      );
    }
    values.set(input, input.name);
  }
  for (const [name, value] of graph.outputs) {
    if (value.origin.kind === 'node' && !values.has(value)) values.set(value, name);
  }
  for (const constant of parts.constants) values.set(constant, unlessOutput(constant.name));
  for (const { outputs } of parts.nodes) {
    for (const value of outputs) if (!values.has(value)) values.set(value, unlessOutput(value.name));
  }
  return {
    values,
    nodes: new Map(parts.nodes.map((node) => [node, unlessOutput(node.name)])),
    copies: [...graph.outputs]
      .filter(([name, value]) => values.get(value) !== name)
      .map(([name, value]) => ({ name, node: free(`${name}.copy`), value })),
  };
}

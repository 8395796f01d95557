import { clone, create } from '@bufbuild/protobuf';
import { GraphError } from '../../foundation/errors/graph-error.ts';
import { subgraphsOf } from '../builder/subgraphs.ts';
import type { DecodedModel } from '../onnx/decode-model.ts';
import {
  type AttributeProto,
  AttributeProtoSchema,
  type FunctionProto,
  type NodeProto,
  NodeProtoSchema,
} from '../onnx/onnx_pb.ts';
import { operatorVersions } from '../onnx/operator-versions.ts';

/** A node of a file, and which version of each operator set it is written in, by domain. */
export interface FileNode {
  readonly proto: NodeProto;
  readonly opsets: ReadonlyMap<string, number>;
}

/** The most nodes that a file may have once its functions are written out. */
const mostNodes = 100_000;

/**
 * The nodes of a file, with the body of a function in the place of each node that calls one (ONNX IR, "Functions"): inputs and
 * outputs are the caller's, attributes are the caller's or else the function's own, everything else has a name of its own behind
 * that of the call's first output. Functions may call others.
 *
 * @throws if a function calls itself, or the file has more than 100,000 nodes.
 */
export function inlinedNodes(model: DecodedModel): readonly FileNode[] {
  const { graph, functions } = model;
  const opsets = versionsOf(model);
  if (functions.length === 0) return graph.node.map((proto) => ({ proto, opsets }));
  return new Inliner(model).nodes(graph.node, opsets, []);
}

/** ONNX's own domain has two spellings. */
export function ownDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain;
}

function versionsOf({ opsetImport }: Pick<FunctionProto, 'opsetImport'>): ReadonlyMap<string, number> {
  return new Map(opsetImport.map(({ domain, version }) => [ownDomain(domain), Number(version)]));
}

class Inliner {
  readonly #functions: ReadonlyMap<string, FunctionProto>;
  readonly #taken: Set<string>;
  #count = 0;

  constructor({ graph, functions }: DecodedModel) {
    this.#functions = new Map(functions.map((each) => [keyOf(each.domain, each.name, each.overload), each]));
    this.#taken = new Set([
      ...[...graph.input, ...graph.initializer].map(({ name }) => name),
      ...graph.node.flatMap(({ output }) => output),
    ]);
  }

  /** @param callers the functions whose bodies these nodes are in, the outermost first. */
  nodes(protos: readonly NodeProto[], opsets: FileNode['opsets'], callers: readonly FunctionProto[]): FileNode[] {
    return protos.flatMap((proto) => {
      const called = this.#calledBy(proto);
      if (called !== undefined) return this.#body(proto, called, callers);
      this.#count++;
      if (this.#count <= mostNodes) return [{ proto, opsets }];
      throw new GraphError(
        `the model has more than ${mostNodes.toLocaleString('en')} nodes once its functions are written out: it is damaged, or made to exhaust memory`,
      );
    });
  }

  #calledBy({ domain, opType, overload }: NodeProto): FunctionProto | undefined {
    if (ownDomain(domain) === '' && Object.hasOwn(operatorVersions, opType)) return undefined;
    return this.#functions.get(keyOf(domain, opType, overload));
  }

  #body(call: NodeProto, called: FunctionProto, callers: readonly FunctionProto[]): FileNode[] {
    if (callers.includes(called)) {
      throw new GraphError(`the model's function '${called.name}' calls itself, so it cannot be written out`);
    }
    const prefix = call.output.find((name) => name !== '') ?? call.name;
    const names = new Map<string, string>([['', '']]);
    for (const [place, name] of called.input.entries()) names.set(name, call.input[place] ?? '');
    const passed: NodeProto[] = [];
    for (const [place, name] of called.output.entries()) {
      const asked = call.output[place] ?? '';
      if (names.has(name)) {
        if (asked !== '')
          passed.push(create(NodeProtoSchema, { opType: 'Identity', input: [names.get(name) ?? ''], output: [asked] }));
      } else names.set(name, asked === '' ? this.#unused(`${prefix}/${name}`) : asked);
    }
    for (const name of called.node.flatMap(({ output }) => output)) {
      if (!names.has(name)) names.set(name, this.#unused(`${prefix}/${name}`));
    }
    const given = new Map([...called.attributeProto, ...call.attribute].map((each) => [each.name, each]));
    const body = called.node.map((node) => within(node, call.name || prefix, names, given));
    return this.nodes([...body, ...passed], versionsOf(called), [...callers, called]);
  }

  /** The name, or one made of it that no other value has. */
  #unused(name: string): string {
    let unused = name;
    while (this.#taken.has(unused)) unused += "'";
    this.#taken.add(unused);
    return unused;
  }
}

function keyOf(domain: string, name: string, overload: string): string {
  return JSON.stringify([ownDomain(domain), name, overload]);
}

/** A node of a function's body as one of the graph: values called as there, attributes that the call gives filled in. */
function within(
  node: NodeProto,
  caller: string,
  names: ReadonlyMap<string, string>,
  given: ReadonlyMap<string, AttributeProto>,
): NodeProto {
  const called = (name: string): string => names.get(name) ?? name;
  const copy = clone(NodeProtoSchema, node);
  copy.name = `${caller}/${node.name || node.opType}`;
  copy.input = node.input.map(called);
  copy.output = node.output.map(called);
  copy.attribute = node.attribute.flatMap((attribute) => {
    const meant = attribute.refAttrName === '' ? attribute : given.get(attribute.refAttrName);
    if (meant === undefined) return [];
    const filled = clone(AttributeProtoSchema, meant);
    filled.name = attribute.name;
    // Graphs in it read the body's values, too.
    for (const graph of subgraphsOf([filled])) {
      graph.node = graph.node.map((inner) => within(inner, caller, names, given));
    }
    return [filled];
  });
  return copy;
}

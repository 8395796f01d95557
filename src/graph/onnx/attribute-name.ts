/** ONNX's names that are in camelCase on the wire as well. */
const camelCaseOnTheWire: ReadonlySet<string> = new Set(['transA', 'transB', 'transBatchA', 'transBatchB']);

/** An attribute's name in the file: `kernelShape` is `kernel_shape`, but `transA` stays. */
export function wireName(name: string): string {
  return camelCaseOnTheWire.has(name) ? name : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

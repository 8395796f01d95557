import { describe, expect, it } from 'vitest';
import { hubAddressText, parseHubAddress } from './hub-address.ts';

describe('an address on the hub', () => {
  it.each([
    ['hf:owner/name/model.onnx', ['owner/name', 'main', 'model.onnx']],
    ['hf:timm/a_b.c-d_in1k@v1.0/onnx/model.onnx', ['timm/a_b.c-d_in1k', 'v1.0', 'onnx/model.onnx']],
    ['hf:o/n@refs%2Fpr%2F3/a b/m@2.onnx', ['o/n', 'refs/pr/3', 'a b/m@2.onnx']],
  ])('%s', (text, [repository, revision, path]) => {
    const address = parseHubAddress(text);
    expect(address).toEqual({ repository, revision, path });
    expect(parseHubAddress(hubAddressText(address))).toEqual(address);
    expect(hubAddressText(address)).toBe(text);
  });

  it('leaves main out', () => {
    expect(hubAddressText(parseHubAddress('hf:o/n@main/m.onnx'))).toBe('hf:o/n/m.onnx');
  });

  it.each([
    'hf:owner/name',
    'hf:model.onnx',
    'owner/name/model.onnx',
    'hf:o/n/../m.onnx',
    'hf:../n/m.onnx',
    'hf:o/n//m.onnx',
    'hf:o/n/a\\m.onnx',
    'hf:o/n/C:/m.onnx',
    'hf:o/n@..%2F../m.onnx',
    'hf:o/n@%zz/m.onnx',
  ])('is not %s', (text) => {
    expect(() => parseHubAddress(text)).toThrow(
      `'${text}' is no address of a file on the hub: write hf:owner/repository[@revision]/path/of/file`,
    );
  });
});

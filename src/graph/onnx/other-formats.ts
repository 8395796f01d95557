/** Files of networks that are not ONNX, and what else is found in their place: at a byte begins a text; what it is and what to do. */
const formats: readonly (readonly [at: number, text: string, what: string])[] = [
  [
    0,
    'version https://git-l',
    'a pointer of Git LFS, which stands for a file that was not fetched: fetch it, as by git lfs pull',
  ],
  [0, 'PK\x03\x04', "a ZIP archive, as PyTorch's .pt and .pth and Keras' .keras are: export the network to ONNX"],
  [0, '\x80\x02', "a pickle of Python, as PyTorch's older .pt and .pth are: export the network to ONNX"],
  [0, '\x89HDF', "HDF5, as Keras' .h5 is: export the network to ONNX"],
  [4, 'TFL3', 'a network of TensorFlow Lite: convert it with tf2onnx'],
  [4, 'ORTM', "onnxruntime's own .ort: use the .onnx that it was made of"],
  [8, '{', 'safetensors, which has weights without a network: export the network to ONNX, or use it as weights'],
  [0, 'GGUF', 'GGUF, a network for llama.cpp: export the network to ONNX'],
  [0, '<', 'markup, such as a web page (HTML): fetch the file itself'],
  [0, '\x1f\x8b', 'compressed by gzip: unpack it first'],
  [0, '{', 'JSON'],
];

/** What a file is that is not ONNX, and what to do, as far as its first bytes show it. */
export function otherFormat(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 64));
  return formats.find(([at, text]) => start.startsWith(text, at))?.[2];
}

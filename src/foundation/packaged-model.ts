import { fileURLToPath } from 'node:url';

/** The path of the model that the package carries, for pictures of any kind; `docs/packaged-model.md` says what it was made of. */
export const packagedModel = fileURLToPath(new URL('../../models/packaged/model.onnx', import.meta.url));

import { fileURLToPath } from 'node:url';

/** The path of the model that the package carries: trained on emoji as seven designers draw them, not on photographs. */
export const packagedModel = fileURLToPath(new URL('../../models/demo/model.onnx', import.meta.url));

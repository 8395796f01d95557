import type { openModel } from './open-model.ts';

/** A model that a command has opened. */
export type OpenedModel = Awaited<ReturnType<typeof openModel>>;

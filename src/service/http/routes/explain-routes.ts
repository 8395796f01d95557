import { Buffer } from 'node:buffer';
import { ModelError } from '../../../foundation/errors/model-error.ts';
import { RequestError } from '../../../foundation/errors/request-error.ts';
import type { DrawnExplanation, DrawnHeat } from '../../work/work-protocol.ts';
import { mount } from '../mount.ts';
import { comparedPicture } from '../stored-picture.ts';
import type { RouteGroup } from './route-group.ts';

/** What makes two pictures alike. */
export const explainRoutes: RouteGroup = (app, context) => {
  mount(app, context, 'explain', async ({ document, files, fetching }) => {
    const [first, second] = await Promise.all([
      comparedPicture(context.catalogue, 'first', files.first, document.first, fetching),
      comparedPicture(context.catalogue, 'second', files.second, document.second, fetching),
    ]);
    const explained = await context.explanations
      .explain([inThread(first), inThread(second)])
      .catch((error: unknown) => refuseModel(error));
    const [one, other] = explained.drawn.map(sideOf);
    return {
      similarity: explained.similarity,
      shares: explained.shares.map((share) => ({ ...share })),
      first: one,
      second: other,
    };
  });
};

function inThread(picture: Awaited<ReturnType<typeof comparedPicture>>): string | Uint8Array {
  return 'path' in picture ? picture.path : new Uint8Array(picture);
}

function sideOf({ covering, gradient }: DrawnExplanation) {
  return { covering: heatOf(covering), gradient: heatOf(gradient) };
}

function heatOf({ heatmap, agreement }: DrawnHeat) {
  const { buffer, byteOffset, byteLength } = heatmap;
  return {
    heatmap: `data:image/png;base64,${Buffer.from(buffer, byteOffset, byteLength).toString('base64')}`,
    agreement: Number.isFinite(agreement) ? agreement : null,
  };
}

/** @throws RequestError `not-found` if it is the model that cannot be explained, else the error itself. */
function refuseModel(error: unknown): never {
  if (!(error instanceof ModelError)) throw error;
  throw new RequestError('not-found', "this service's model has no feature maps, so that nothing can be explained", {
    cause: error,
  });
}

import { measuredOn } from '../../../evaluation/calibration/measured-on.ts';
import { mount } from '../mount.ts';
import type { ServiceContext } from '../service-context.ts';
import type { RouteGroup } from './route-group.ts';

/** What is served. */
export const aboutRoutes: RouteGroup = (app, context) => {
  const { catalogue, pictureLimits, limits, version } = context;
  const { id, metadata } = catalogue.embedder.model;
  mount(app, context, 'about', async () => {
    const { description, attribution, dimension, distance, calibration } = metadata;
    return {
      version,
      model: {
        id,
        description,
        attribution,
        dimension,
        distance,
        ...(calibration === undefined ? {} : { sharesMeasuredOn: measuredOn(calibration) }),
      },
      store: (await catalogue.exists()) ? await storeDocument(context) : null,
      runs: context.runs !== undefined,
      remote: context.remote !== undefined,
      limits: {
        fileBytes: limits.fileBytes,
        files: limits.files,
        pixels: pictureLimits.pixels,
        side: pictureLimits.side,
      },
    };
  });
};

async function storeDocument({ catalogue, sampler, changeable }: ServiceContext) {
  const { fields, examples } = await sampler.sample();
  return {
    images: await catalogue.count(),
    distance: await catalogue.distance(),
    changeable,
    fields: [...fields],
    examples: [...examples],
  };
}

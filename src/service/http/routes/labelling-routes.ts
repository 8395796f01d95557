import path from 'node:path';
import { RequestError } from '../../../foundation/errors/request-error.ts';
import { exportAnswers } from '../../../teaching/answers/export-answers.ts';
import { mount } from '../mount.ts';
import type { TeachingWork } from '../teaching-work.ts';
import type { RouteGroup } from './route-group.ts';

/** Questions, answers, and what is learnt of them. */
export const labellingRoutes: RouteGroup = (app, context) => {
  const work = (): TeachingWork => {
    if (context.labelling !== undefined) return context.labelling;
    throw new RequestError('not-found', 'nothing is labelled here: start the service with lookalike label');
  };
  const labelling = () => {
    const { session, state } = work();
    return { images: session.images.size, ...session.progress(), ...state };
  };
  mount(app, context, 'labelQuestion', async ({ query: { rater, kind } }) => {
    const question = work().session.question(rater, kind);
    return question.kind === 'grid' ? { ...question, candidates: [...question.candidates] } : question;
  });
  mount(app, context, 'labelAnswer', async ({ document }) => {
    // Which answers are kept aside is the session's to say.
    await work().session.record({ ...document, keptAside: false });
    return labelling();
  });
  mount(app, context, 'labelUndo', async ({ document: { rater } }) => {
    const undone = await work().session.undo(rater);
    return { query: undone?.query ?? null };
  });
  mount(app, context, 'labelProgress', async () => labelling());
  mount(app, context, 'labelTeach', async () => {
    work().begin();
    return labelling();
  });
  mount(app, context, 'labelExport', async ({ document }) => {
    const { session } = work();
    const file = path.join(session.folder, 'triplets.csv');
    const triplets = await exportAnswers(file, session.answers, session.files, document).catch((error: Error) => {
      throw new RequestError('usage', error.message, { cause: error });
    });
    return { file, triplets };
  });
  mount(app, context, 'labelNearest', async ({ query: { id, k } }) => {
    if (!work().session.images.has(id)) throw unknownPicture(id);
    return { images: work().session.nearest(id, k) };
  });
  mount(app, context, 'labelPicture', async ({ query: { id, side }, reply }) => {
    const source = work().session.images.get(id)?.source;
    if (source?.kind !== 'file') throw unknownPicture(id);
    const made = await context.preparation.thumbnail(source.path, side, side).catch((error: unknown) => {
      throw new RequestError('unreadable-image', `the picture '${id.slice(0, 200)}' cannot be shown any more`, {
        cause: error,
      });
    });
    reply.header('cache-control', 'private, max-age=3600');
    return made;
  });
};

function unknownPicture(id: string): RequestError {
  return new RequestError('not-found', `there is no picture '${id.slice(0, 200)}' here`, { path: 'id' });
}

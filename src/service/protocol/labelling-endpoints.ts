import type { Endpoint } from './endpoint.ts';
import {
  answerRequestSchema,
  exportedSchema,
  exportRequestSchema,
  labellingSchema,
  nearestQuerySchema,
  nearestSchema,
  questionQuerySchema,
  questionSchema,
  undoneSchema,
  undoRequestSchema,
} from './labelling.ts';
import { thumbnailQuerySchema } from './requests.ts';

const group = 'Label and teach';
const document = ['too-large', 'content-type', 'request-timeout', 'not-found'] as const;

/** The endpoints of labelling; a service that labels nothing answers them with `not-found`. */
export const labellingEndpoints = {
  labelQuestion: {
    name: 'labelQuestion',
    group,
    summary: 'The next question for a rater; the same until it is answered',
    query: questionQuerySchema,
    answer: questionSchema,
    problems: ['not-found'],
  },
  labelAnswer: {
    name: 'labelAnswer',
    group,
    summary: 'Keeps an answer: it is on the disk when this is answered',
    document: answerRequestSchema,
    answer: labellingSchema,
    problems: document,
  },
  labelUndo: {
    name: 'labelUndo',
    group,
    summary: "Takes back a rater's last answer",
    document: undoRequestSchema,
    answer: undoneSchema,
    problems: document,
  },
  labelProgress: {
    name: 'labelProgress',
    group,
    summary: 'How far the labelling is, and what teaching came to',
    answer: labellingSchema,
    problems: ['not-found'],
  },
  labelTeach: {
    name: 'labelTeach',
    group,
    summary: 'Begins to teach the model by all answers; the progress says how far it is',
    answer: labellingSchema,
    problems: ['not-found'],
  },
  labelExport: {
    name: 'labelExport',
    group,
    summary: 'Writes the triplets that answers say beside them, as training reads them',
    document: exportRequestSchema,
    answer: exportedSchema,
    problems: document,
  },
  labelNearest: {
    name: 'labelNearest',
    group,
    summary: 'The pictures most like one, by what has been taught',
    query: nearestQuerySchema,
    answer: nearestSchema,
    problems: ['not-found'],
  },
  labelPicture: {
    name: 'labelPicture',
    group,
    summary: 'A small picture of one that is labelled',
    query: thumbnailQuerySchema,
    answer: { contentType: 'image/webp', description: 'The picture.' },
    problems: ['not-found', 'unreadable-image', 'busy'],
  },
} as const satisfies Readonly<Record<string, Endpoint>>;

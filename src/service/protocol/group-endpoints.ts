import type { Endpoint } from './endpoint.ts';
import { duplicatesSchema, findDuplicatesSchema, groupsQuerySchema } from './groups.ts';
import { makeMapSchema, mapPointsSchema, mapSchema } from './map.ts';

/** What can go wrong where work is begun. */
const begun = ['too-large', 'content-type', 'request-timeout', 'store'] as const;

const group = 'Look over the catalogue';

/** What is found of the whole catalogue: it takes seconds or minutes, so one request begins it and others ask how far it is. */
export const groupEndpoints = {
  duplicates: {
    name: 'duplicates',
    group,
    summary: 'Groups of near duplicates that were found last, and how far the search for them is',
    query: groupsQuerySchema,
    answer: duplicatesSchema,
    problems: [],
  },
  findDuplicates: {
    name: 'findDuplicates',
    group,
    summary: 'Begins to look for near duplicates, unless that is under way',
    document: findDuplicatesSchema,
    answer: duplicatesSchema,
    problems: begun,
  },
  map: {
    name: 'map',
    group,
    summary: 'Whether there is a map of the catalogue, and how far the making of one is',
    answer: mapSchema,
    problems: ['store'],
  },
  makeMap: {
    name: 'makeMap',
    group,
    summary: 'Begins to lay all images out in the plane, unless that is under way',
    document: makeMapSchema,
    answer: mapSchema,
    problems: begun,
  },
  mapPoints: {
    name: 'mapPoints',
    group,
    summary: 'Where each image is on the map that was made last',
    answer: mapPointsSchema,
    problems: ['not-found'],
  },
} as const satisfies Readonly<Record<string, Endpoint>>;

import {
  aboutSchema,
  comparisonSchema,
  embeddingSchema,
  explanationSchema,
  foundImagesSchema,
  imageSchema,
  removedSchema,
  statusSchema,
} from './answers.ts';
import type { Endpoint } from './endpoint.ts';
import { groupEndpoints } from './group-endpoints.ts';
import { labellingEndpoints } from './labelling-endpoints.ts';
import {
  compareAloneSchema,
  compareRequestSchema,
  embedAloneSchema,
  embedRequestSchema,
  fetchRequestSchema,
  imageQuerySchema,
  putAloneSchema,
  putRequestSchema,
  searchRequestSchema,
  sessionRequestSchema,
  thumbnailQuerySchema,
} from './requests.ts';
import { runEndpoints } from './run-endpoints.ts';

/** What can go wrong where pictures are uploaded and worked on. */
const work = ['too-large', 'content-type', 'request-timeout', 'unreadable-image', 'busy'] as const;

/** Two pictures, as far as they are not of the store. */
const pair = {
  first: { most: 1, description: 'A picture.' },
  second: { most: 1, description: 'Another picture.' },
} as const;

const use = 'Compare and search';
const change = 'Change the store';
const watch = 'Watch';

/** Every endpoint. The server mounts them, the OpenAPI description and the client's types are made of them. */
export const endpoints = {
  about: {
    name: 'about',
    group: use,
    summary: 'What model and store are served, and within which limits',
    answer: aboutSchema,
    problems: ['store'],
  },
  embed: {
    name: 'embed',
    group: use,
    summary: 'The embedding of a picture',
    document: embedRequestSchema,
    documentAlone: embedAloneSchema,
    files: { image: { most: 1, description: 'The picture.' } },
    answer: embeddingSchema,
    problems: work,
  },
  compare: {
    name: 'compare',
    group: use,
    summary: 'How much alike two pictures are, each uploaded, of the store or at an address',
    document: compareRequestSchema,
    documentAlone: compareAloneSchema,
    files: pair,
    answer: comparisonSchema,
    problems: [...work, 'not-found', 'store'],
  },
  explain: {
    name: 'explain',
    group: use,
    summary:
      'What makes two pictures alike: heat-maps, which are approximate, and the share of each path of the network',
    document: compareRequestSchema,
    documentAlone: compareAloneSchema,
    files: pair,
    answer: explanationSchema,
    problems: [...work, 'not-found', 'store'],
  },
  search: {
    name: 'search',
    group: use,
    summary: 'The images of the store that are most like pictures, images of the store or vectors',
    document: searchRequestSchema,
    files: {
      image: { most: 8, description: 'What is looked for; of several the mean.' },
      like: { most: 8, description: 'Examples that the images are to be like, too.' },
      unlike: { most: 8, description: 'Examples that they are not to be like.' },
    },
    answer: foundImagesSchema,
    problems: [...work, 'not-found', 'store'],
  },
  fetchPicture: {
    name: 'fetchPicture',
    group: use,
    summary: 'The picture at an address, for a page that may load nothing from elsewhere; nothing of it is kept',
    document: fetchRequestSchema,
    answer: { contentType: 'image/*', description: 'The bytes of the picture, as they came.' },
    problems: work,
  },
  image: {
    name: 'image',
    group: use,
    summary: 'What the store knows of an image',
    query: imageQuerySchema,
    answer: imageSchema,
    problems: ['not-found', 'store'],
  },
  putImage: {
    name: 'putImage',
    group: change,
    summary: 'Adds an image to the store, or replaces the one of that id',
    query: imageQuerySchema,
    document: putRequestSchema,
    documentAlone: putAloneSchema,
    files: {
      image: {
        most: 1,
        description:
          'The picture. Its embedding is kept, and a small picture where the store keeps them; not its bytes.',
      },
    },
    answer: undefined,
    problems: [...work, 'store'],
  },
  removeImage: {
    name: 'removeImage',
    group: change,
    summary: 'Removes an image from the store',
    query: imageQuerySchema,
    answer: removedSchema,
    problems: ['store', 'busy'],
  },
  thumbnail: {
    name: 'thumbnail',
    group: use,
    summary: 'A small picture of an image of the store',
    query: thumbnailQuerySchema,
    answer: { contentType: 'image/webp', description: 'The picture.' },
    problems: ['not-found', 'store', 'unreadable-image', 'busy'],
  },
  ...groupEndpoints,
  ...runEndpoints,
  ...labellingEndpoints,
  openSession: {
    name: 'openSession',
    group: watch,
    summary: 'Signs a page in: the token is exchanged for a cookie',
    document: sessionRequestSchema,
    answer: undefined,
    problems: ['too-large', 'content-type', 'request-timeout'],
    open: true,
  },
  health: {
    name: 'health',
    group: watch,
    summary: 'That the process is alive',
    answer: statusSchema,
    problems: [],
    open: true,
  },
  ready: {
    name: 'ready',
    group: watch,
    summary: 'That it takes requests',
    answer: statusSchema,
    problems: [],
    open: true,
  },
  metrics: {
    name: 'metrics',
    group: watch,
    summary: 'Figures for Prometheus',
    answer: { contentType: 'text/plain', description: "Prometheus' text format." },
    problems: [],
  },
} as const satisfies { readonly [Name in Endpoint['name']]: Endpoint & { readonly name: Name } };

/** All endpoints, by their names. */
export type Endpoints = typeof endpoints;

/** Where an endpoint is, and how it is asked. */
export interface EndpointPath {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: `/${string}`;
}

/** Every endpoint by its name. */
export const paths = {
  about: { method: 'GET', path: '/v1/about' },
  embed: { method: 'POST', path: '/v1/embed' },
  compare: { method: 'POST', path: '/v1/compare' },
  explain: { method: 'POST', path: '/v1/explain' },
  search: { method: 'POST', path: '/v1/search' },
  fetchPicture: { method: 'POST', path: '/v1/fetch' },
  duplicates: { method: 'GET', path: '/v1/duplicates' },
  findDuplicates: { method: 'POST', path: '/v1/duplicates' },
  map: { method: 'GET', path: '/v1/map' },
  makeMap: { method: 'POST', path: '/v1/map' },
  mapPoints: { method: 'GET', path: '/v1/map/points' },
  image: { method: 'GET', path: '/v1/image' },
  putImage: { method: 'PUT', path: '/v1/image' },
  removeImage: { method: 'DELETE', path: '/v1/image' },
  thumbnail: { method: 'GET', path: '/v1/thumbnail' },
  runs: { method: 'GET', path: '/v1/runs' },
  runLog: { method: 'GET', path: '/v1/runs/log' },
  runReport: { method: 'GET', path: '/v1/runs/report' },
  labelQuestion: { method: 'GET', path: '/v1/label/question' },
  labelAnswer: { method: 'POST', path: '/v1/label/answer' },
  labelUndo: { method: 'POST', path: '/v1/label/undo' },
  labelProgress: { method: 'GET', path: '/v1/label/progress' },
  labelTeach: { method: 'POST', path: '/v1/label/teach' },
  labelExport: { method: 'POST', path: '/v1/label/export' },
  labelNearest: { method: 'GET', path: '/v1/label/nearest' },
  labelPicture: { method: 'GET', path: '/v1/label/picture' },
  openSession: { method: 'POST', path: '/v1/session' },
  health: { method: 'GET', path: '/health' },
  ready: { method: 'GET', path: '/ready' },
  metrics: { method: 'GET', path: '/metrics' },
} as const satisfies Readonly<Record<string, EndpointPath>>;

/** The name of an endpoint. */
export type EndpointName = keyof typeof paths;

// The public list of 'deep-lookalike/client': a service that is asked over HTTP, in Node and in browsers.

export { type ErrorCode, LookalikeError } from './foundation/errors/lookalike-error.ts';
export { type ProblemCode, type RefusedRequest, RequestError } from './foundation/errors/request-error.ts';
export {
  type ClientOptions,
  LookalikeClient,
  type RemoteReference,
  type ServicePicture,
  type ServiceQuery,
  type ServiceSearchOptions,
  type StoredReference,
} from './service/client/client.ts';
export type { PictureBytes } from './service/client/form.ts';
export type {
  ServiceAbout,
  ServiceComparison,
  ServiceEmbedding,
  ServiceExplanation,
  ServiceFoundImages,
  ServiceImage,
} from './service/protocol/answers.ts';
export type { ServiceDuplicates } from './service/protocol/groups.ts';
export type { ServiceMap, ServiceMapPoints } from './service/protocol/map.ts';
export type {
  ServiceMetadata,
  ServiceReference,
  ServiceSearchRequest,
  ThumbnailSide,
} from './service/protocol/requests.ts';
export type { ServiceRunLog, ServiceRuns } from './service/protocol/runs.ts';

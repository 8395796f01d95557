/** What a service takes at most. */
export interface ServiceLimits {
  /** Bytes of an uploaded picture. Default: 32 MiB. */
  readonly fileBytes: number;
  /** Pictures of a request. Default: 16. */
  readonly files: number;
  /** Bytes of a JSON document. Default: 1 MiB. */
  readonly documentBytes: number;
  /** Bytes of all pictures that are arriving or worked on. Default: 512 MiB. */
  readonly uploadBytes: number;
  /** Requests that are worked on or wait for it. Default: 64. */
  readonly requests: number;
  /** Connections. Default: 4096. */
  readonly connections: number;
  /** Seconds in which a request has to arrive. Default: 30. */
  readonly arrivalSeconds: number;
  /** Seconds in which it has to be answered from then on. Default: 60. */
  readonly workSeconds: number;
  /** Seconds in which all pictures of a request that are at addresses have to come. Default: 10. */
  readonly remoteSeconds: number;
  /** Seconds that a connection may be silent. Default: 75. */
  readonly silenceSeconds: number;
  /** Seconds that work under way may take when the service stops. Default: 20. */
  readonly stopSeconds: number;
}

/** The limits where nothing else is said. */
export const defaultServiceLimits: ServiceLimits = {
  fileBytes: 2 ** 25,
  files: 16,
  documentBytes: 2 ** 20,
  uploadBytes: 2 ** 29,
  requests: 64,
  connections: 4096,
  arrivalSeconds: 30,
  workSeconds: 60,
  remoteSeconds: 10,
  silenceSeconds: 75,
  stopSeconds: 20,
};

import { StoreError } from '../../../foundation/errors/store-error.ts';

/** Where a store in S3-compatible storage is, and how it is asked. */
export interface S3Place {
  readonly bucket: string;
  /** What keys begin with, without slashes at its ends; empty for the whole bucket. */
  readonly prefix: string;
  readonly region: string;
  /** Of a server that is not Amazon's, without a slash at its end. */
  readonly endpoint: string | undefined;
}

/** What the environment names S3 by, as Amazon's own tools do. */
export type S3Environment = Readonly<Record<string, string | undefined>>;

const form = 's3://bucket/prefix';

/** The place that `s3://bucket/prefix` names. @throws StoreError if it is not of this form. */
export function s3Place(uri: string, environment: S3Environment): S3Place {
  const found = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([^?#]*))?$/.exec(uri);
  if (found === null) throw new StoreError(`'${uri}' is not the address of a place in S3: write ${form}`);
  const [, bucket, path = ''] = found;
  return {
    bucket,
    prefix: path.replace(/^\/+|\/+$/g, ''),
    region: environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? 'us-east-1',
    endpoint: (environment.AWS_ENDPOINT_URL_S3 ?? environment.AWS_ENDPOINT_URL ?? environment.AWS_ENDPOINT)?.replace(
      /\/+$/,
      '',
    ),
  };
}

/** What LanceDB is told of such a place beside its address. */
export function lanceDbOptions({ region, endpoint }: S3Place): Record<string, string> {
  if (endpoint === undefined) return { region };
  return { region, endpoint, allowHttp: String(endpoint.startsWith('http://')) };
}

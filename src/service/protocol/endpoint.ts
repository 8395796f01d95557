import type { z } from 'zod';
import type { ProblemCode } from '../../foundation/errors/request-error.ts';
import type { EndpointName } from './paths.ts';

/** A kind of answer that is no JSON. */
export interface RawAnswer {
  readonly contentType: string;
  readonly description: string;
}

/** Pictures that a request may bring along, as parts of a form; its document may name them otherwise. */
export interface FileRole {
  readonly most: number;
  readonly description: string;
}

/** One endpoint: what is asked, and what is answered. */
export interface Endpoint {
  readonly name: EndpointName;
  readonly group: string;
  readonly summary: string;
  /** Behind the path's question mark. */
  readonly query?: z.ZodObject;
  /** The JSON document of the request: its body, or, beside pictures, the form's field `request`. */
  readonly document?: z.ZodType;
  /** What the document has to be where no picture comes with it, as far as a schema says it. Default: the same. */
  readonly documentAlone?: z.ZodType;
  /** Pictures by the names of the form's parts. */
  readonly files?: Readonly<Record<string, FileRole>>;
  /** The JSON document of the answer, another kind of answer, or none. */
  readonly answer: z.ZodType | RawAnswer | undefined;
  /** What can go wrong with it besides what can with every endpoint. */
  readonly problems: readonly ProblemCode[];
  /** True where nobody needs a token. Default: false. */
  readonly open?: boolean;
}

/** True of an answer that is no JSON. */
export function isRaw(answer: Endpoint['answer']): answer is RawAnswer {
  return answer !== undefined && 'contentType' in answer;
}

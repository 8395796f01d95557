import { Buffer } from 'node:buffer';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { RequestError } from '../../foundation/errors/request-error.ts';
import { type Endpoint, isRaw } from '../protocol/endpoint.ts';
import { type Endpoints, endpoints } from '../protocol/endpoints.ts';
import { type EndpointName, paths } from '../protocol/paths.ts';
import { withinSeconds } from './load/within-seconds.ts';
import { PictureFetching } from './remote/picture-fetching.ts';
import type { ServiceContext } from './service-context.ts';
import { documentField, readForm } from './uploads/read-form.ts';

type Parsed<E, Key extends string> = E extends { readonly [K in Key]: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : undefined;

/**
 * What a handler is given: query and document as their schemas give them, the bytes of pictures by their roles, and what fetches
 * those that are at addresses.
 */
export interface HandlerInput<Name extends EndpointName> {
  readonly query: Parsed<Endpoints[Name], 'query'>;
  readonly document: Parsed<Endpoints[Name], 'document'>;
  readonly files: Endpoints[Name] extends { readonly files: infer Files }
    ? { readonly [Role in keyof Files]: readonly Buffer[] }
    : undefined;
  readonly fetching: PictureFetching;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A document of the answer's schema, as JSON in UTF-8: what is large is encoded elsewhere. */
export class EncodedDocument {
  constructor(readonly json: Uint8Array<ArrayBuffer>) {}
}

/** What a handler gives: the document of the answer, its bytes or text, or nothing. */
export type HandlerAnswer<Name extends EndpointName> = Endpoints[Name]['answer'] extends infer Answer
  ? Answer extends z.ZodType
    ? z.input<Answer> | EncodedDocument
    : Answer extends undefined
      ? undefined
      : Uint8Array | string
  : never;

/** Answers an endpoint. */
export type Handler<Name extends EndpointName> = (input: HandlerInput<Name>) => Promise<HandlerAnswer<Name>>;

/** Mounts the endpoint of a name. What `handle` throws is answered as `refusalOf` says. */
export function mount<Name extends EndpointName>(
  app: FastifyInstance,
  context: ServiceContext,
  name: Name,
  handle: Handler<Name>,
): void {
  const endpoint: Endpoint = endpoints[name];
  const { method, path: url } = paths[name];
  app.route({
    method,
    url,
    config: { endpoint: name, open: endpoint.open ?? false },
    handler: async (request, reply) => {
      const answer = await answered(request, reply, endpoint, context, (input) => handle(input as HandlerInput<Name>));
      if (answer === undefined) return reply.code(204).send();
      if (answer instanceof EncodedDocument) {
        const { buffer, byteOffset, byteLength } = answer.json;
        return reply.type('application/json; charset=utf-8').send(Buffer.from(buffer, byteOffset, byteLength));
      }
      if (!isRaw(endpoint.answer)) return answer;
      const { contentType } = endpoint.answer;
      if (reply.getHeader('content-type') === undefined) reply.type(contentType);
      return answer instanceof Uint8Array ? Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength) : answer;
    },
  });
}

/** Reads a request, and does its work where there is room for it. */
async function answered<Answer>(
  request: FastifyRequest,
  reply: FastifyReply,
  endpoint: Endpoint,
  context: ServiceContext,
  handle: (input: unknown) => Promise<Answer>,
): Promise<Answer> {
  const { limits, admission } = context;
  const query = endpoint.query === undefined ? undefined : parsed(endpoint.query, request.query, 'query');
  const share = context.uploads.share();
  try {
    const { document: given, files } = await bodyOf(request, endpoint, context, share);
    const document =
      endpoint.document === undefined
        ? undefined
        : parsed(endpoint.document, given === undefined ? {} : given, documentField);
    const uploaded = Object.values(files ?? {}).flat().length;
    const fetching = new PictureFetching(context, share, uploaded);
    const work = () => handle({ query, document, files, fetching, request, reply });
    if (!endpoint.problems.includes('busy')) return await work();
    const admitted = admission.run(work);
    return await withinSeconds(limits.workSeconds, admitted);
  } finally {
    share.giveBack();
  }
}

async function bodyOf(
  request: FastifyRequest,
  { files: roles, document }: Endpoint,
  { limits }: ServiceContext,
  share: ReturnType<ServiceContext['uploads']['share']>,
) {
  const takesDocument = document !== undefined;
  if (request.isMultipart()) {
    if (roles === undefined) throw new RequestError('content-type', 'this takes no form: send application/json');
    return readForm(request, { roles, takesDocument, limits, share });
  }
  const none = Object.fromEntries(Object.keys(roles ?? {}).map((role) => [role, []]));
  return { document: request.body, files: roles === undefined ? undefined : none };
}

/** @throws RequestError `usage` that says what of it is wrong. */
function parsed(schema: z.ZodType, given: unknown, where: string): unknown {
  const { success, data, error } = schema.safeParse(given);
  if (success) return data;
  const [issue] = error.issues;
  const path = [where, ...issue.path].join('.');
  throw new RequestError('usage', `${path}: ${issue.message}`, { path });
}

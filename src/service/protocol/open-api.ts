import { z } from 'zod';
import { type ProblemCode, problemStatuses } from '../../foundation/errors/request-error.ts';
import { mediaTypes } from '../../pictures/decoding/formats/picture-format.ts';
import { problemSchema } from './answers.ts';
import { type Endpoint, isRaw } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { paths } from './paths.ts';

type Json = Readonly<Record<string, unknown>>;

/** What every endpoint may answer. */
const always: readonly ProblemCode[] = ['usage', 'forbidden', 'failed', 'unavailable'];

const problemTexts: Readonly<Record<ProblemCode, string>> = {
  usage: 'The request is not understood.',
  unauthorized: 'The token is missing or wrong.',
  forbidden: 'The request comes from another site, or asks for another host.',
  'not-found': 'There is no such thing.',
  'method-not-allowed': 'The path is asked in another way.',
  'request-timeout': 'The request took too long to arrive.',
  store: 'The store has no images, or another model made it.',
  'too-large': 'The request has more bytes or pictures than are taken.',
  'content-type': 'The body is of another kind.',
  'unreadable-image': 'A picture cannot be fetched or decoded, or is beyond the limits.',
  busy: 'There is as much work as is taken: try again later.',
  failed: 'A fault of the service.',
  unavailable: 'The service is stopping, or the work took too long.',
};

/** The OpenAPI 3.1 description of the service. */
export function openApi(version: string): Json {
  const described: Record<string, Record<string, Json>> = {};
  for (const endpoint of Object.values(endpoints) as readonly Endpoint[]) {
    const { path, method } = paths[endpoint.name];
    described[path] = { ...described[path], [method.toLowerCase()]: operation(endpoint) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'lookalike',
      version,
      description: 'Pictures compared and searched by likeness.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    // Where the description was fetched from.
    servers: [{ url: '/' }],
    paths: described,
    components: {
      schemas: { Problem: schemaOf(problemSchema, 'output') },
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function operation(endpoint: Endpoint): Json {
  const { name, group, summary, open = false } = endpoint;
  return {
    operationId: name,
    tags: [group],
    summary,
    ...(open ? { security: [] } : { security: [{}, { token: [] }] }),
    ...(endpoint.query === undefined ? {} : { parameters: parametersOf(endpoint.query) }),
    ...bodyOf(endpoint),
    responses: { ...answerOf(endpoint), ...problemsOf(endpoint) },
  };
}

function parametersOf(query: z.ZodObject): Json[] {
  // A number is written as a text there: what it has to be is said of the number.
  const properties = schemaOf(query, 'output')['properties'] as Readonly<Record<string, Json>>;
  const required = (schemaOf(query, 'input')['required'] as readonly string[] | undefined) ?? [];
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: property,
  }));
}

function bodyOf({ document, documentAlone = document, files }: Endpoint): Json {
  if (document === undefined && files === undefined) return {};
  const json = document === undefined ? undefined : schemaOf(document, 'input');
  const content: Record<string, Json> = {};
  if (documentAlone !== undefined) content['application/json'] = { schema: schemaOf(documentAlone, 'input') };
  if (files !== undefined) {
    content['multipart/form-data'] = { schema: formOf(json, files), encoding: encodingOf(json, files) };
  }
  const mayBeLeftOut = files === undefined && document?.safeParse({}).success === true;
  return { requestBody: { required: !mayBeLeftOut, content } };
}

function formOf(document: Json | undefined, files: NonNullable<Endpoint['files']>): Json {
  const picture = { type: 'string', format: 'binary' };
  const parts = Object.entries(files).map(([name, { most, description }]) => [
    name,
    most === 1 ? { ...picture, description } : { type: 'array', items: picture, maxItems: most, description },
  ]);
  return {
    type: 'object',
    properties: { ...(document === undefined ? {} : { request: document }), ...Object.fromEntries(parts) },
    additionalProperties: false,
  };
}

/** What a form's parts say that they are. */
function encodingOf(document: Json | undefined, files: NonNullable<Endpoint['files']>): Json {
  // More is taken, but these are read.
  const contentType = [...Object.values(mediaTypes), 'application/octet-stream'].join(', ');
  const pictures = Object.keys(files).map((name) => [name, { contentType }]);
  return {
    ...(document === undefined ? {} : { request: { contentType: 'application/json, text/plain' } }),
    ...Object.fromEntries(pictures),
  };
}

function answerOf({ answer }: Endpoint): Json {
  if (answer === undefined) return { 204: { description: 'Done.' } };
  if (isRaw(answer)) {
    return {
      200: { description: answer.description, content: { [answer.contentType]: { schema: { type: 'string' } } } },
    };
  }
  return { 200: { description: 'Done.', content: { 'application/json': { schema: schemaOf(answer, 'output') } } } };
}

function problemsOf({ problems, open = false }: Endpoint): Json {
  const codes = new Set<ProblemCode>([...always, ...(open ? [] : (['unauthorized'] as const)), ...problems]);
  const problem = { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    [...codes].map((code) => [
      problemStatuses[code],
      {
        description: problemTexts[code],
        ...(code === 'busy' ? { headers: { 'Retry-After': { schema: { type: 'integer' } } } } : {}),
        content: problem,
      },
    ]),
  );
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return json;
}

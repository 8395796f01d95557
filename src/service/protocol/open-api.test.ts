import { describe, expect, it } from 'vitest';
import { endpoints } from './endpoints.ts';
import { openApi } from './open-api.ts';
import { paths } from './paths.ts';

type Json = Record<string, never>;

describe('openApi', () => {
  const description = JSON.parse(JSON.stringify(openApi('1.2.3')));

  it('describes every endpoint, by its name, with what it answers and refuses', () => {
    const operations = Object.values<Json>(description.paths).flatMap((path) => Object.values<Json>(path));
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(endpoints).sort());
    expect(Object.keys(description.paths).sort()).toEqual(
      [...new Set(Object.values(paths).map(({ path }) => path))].sort(),
    );
    for (const { responses } of operations)
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '403', '500']));
    const { search, health } = Object.fromEntries(
      operations.map((operation) => [operation.operationId, operation]),
    ) as Record<string, Record<string, never>>;
    expect(Object.keys(search.responses)).toEqual(
      expect.arrayContaining(['200', '401', '409', '413', '415', '422', '429']),
    );
    expect(Object.keys(health.responses)).not.toContain('401');
  });

  it('refers to nothing that is not in it, and has no schema that takes anything', () => {
    const text = JSON.stringify(description);
    for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
      expect(description.components.schemas).toHaveProperty(name);
    }
    expect(text).not.toContain('"schema":{}');
  });

  it('says of a number behind the question mark what it has to be, and asks for none that has a default', () => {
    const { parameters } = description.paths['/v1/duplicates'].get;
    expect(parameters).toEqual([
      expect.objectContaining({
        name: 'offset',
        required: false,
        schema: expect.objectContaining({ type: 'integer', minimum: 0, maximum: 1_000_000, default: 0 }),
      }),
      expect.objectContaining({
        name: 'limit',
        required: false,
        schema: expect.objectContaining({ type: 'integer', minimum: 1, maximum: 100, default: 20 }),
      }),
    ]);
    expect(description.paths['/v1/image'].get.parameters).toMatchObject([{ name: 'id', required: true }]);
  });

  it('says what a document needs where no picture comes with it, and which requests need no body', () => {
    const bodyOf = (path: string, method: string) => description.paths[path][method].requestBody;
    expect(bodyOf('/v1/compare', 'post').content['application/json'].schema.required).toEqual(['first', 'second']);
    expect(bodyOf('/v1/embed', 'post').content['application/json'].schema.required).toEqual(['image']);
    expect(bodyOf('/v1/image', 'put').content['application/json'].schema.required).toEqual(['image']);
    expect(bodyOf('/v1/compare', 'post').required).toBe(true);
    expect(bodyOf('/v1/map', 'post').required).toBe(false);
    expect(bodyOf('/v1/label/undo', 'post').required).toBe(true);
  });

  it('says which parts a form has, and of which types', () => {
    const { encoding } = description.paths['/v1/search'].post.requestBody.content['multipart/form-data'];
    expect(encoding.like.contentType).toMatch(/^image\/jpeg, image\/png, .*, application\/octet-stream$/);
    expect(encoding.request).toEqual({ contentType: 'application/json, text/plain' });
    const { schema } = description.paths['/v1/search'].post.requestBody.content['multipart/form-data'];
    expect(Object.keys(schema.properties)).toEqual(['request', 'image', 'like', 'unlike']);
    expect(schema.properties.request.properties.k).toMatchObject({
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      default: 20,
    });
  });
});

import { describe, expect, it } from 'vitest';
import { postgresPlace } from './place.ts';

describe('the address of a store in PostgreSQL', () => {
  it('is that of a server and a database, with a table behind it', () => {
    expect(postgresPlace('postgres://anna@db.example:5433/shop/images?sslmode=verify-full')).toEqual({
      connection: 'postgres://anna@db.example:5433/shop?sslmode=verify-full',
      table: '"images"',
      about: '"images_about"',
      thumbnails: '"images_thumbnails"',
    });
    expect(postgresPlace('postgresql:///my%2Fshop/public.Bilder-ü?host=/run/postgresql')).toEqual({
      connection: 'postgresql:///my%2Fshop?host=/run/postgresql',
      table: '"public"."Bilder-ü"',
      about: '"public"."Bilder-ü_about"',
      thumbnails: '"public"."Bilder-ü_thumbnails"',
    });
  });

  it.each([
    'postgres://host/database',
    'postgres://host/database/',
    'postgres://host//table',
    'postgres://host/a/b/c',
    'postgres://host',
    'postgres://host:port/a/b',
  ])('is not %s', (uri) => {
    expect(() => postgresPlace(uri)).toThrow(
      `'${uri}' is not the address of a table: write postgres://user@host:port/database/table`,
    );
  });

  it.each(['a"b', 'a b', "a'b", 'a.b.c', '.a', 'a.', 'x'.repeat(51), 'ä'.repeat(26)])(
    'has no table of the name %s',
    (name) => {
      expect(() => postgresPlace(`postgres://host/database/${encodeURIComponent(name)}`)).toThrow(
        /cannot be the table of the store .*: choose another name/,
      );
    },
  );

  it('refuses what it does not know, with the nearest', () => {
    expect(() => postgresPlace('postgres://host/a/b?sslmod=require')).toThrow(/sslmod.*did you mean sslmode\?/);
    expect(() => postgresPlace('postgres://host/%E0%A4%A/b')).toThrow(/is not percent-encoded/);
  });

  it.each([
    'postgres://anna:s3cret@host/a/b',
    'postgres://:s3cret@host/a/b',
    'postgres://anna:s3cret@host:nowhere/a/b',
    'postgres://anna:s3cret@/a/b/c',
    'postgres://anna:s3cret/@host/a/b',
    'postgres://anna:s3cret@x@host/a/b',
    'postgres://anna@host/a/b?password=s3cret',
    'postgres://anna@host/a/b?sslmod=1&PASSWORD=s3cret',
    'postgres://anna@host/a/b?pass%77ord=s3cret',
  ])('refuses a password and does not say it: %s', (uri) => {
    let message = '';
    try {
      postgresPlace(uri);
    } catch (error) {
      message = String(error);
    }
    expect(message).not.toBe('');
    expect(message).not.toContain('s3cret');
  });
});

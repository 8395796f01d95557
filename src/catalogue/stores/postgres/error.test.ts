import { expect, it } from 'vitest';
import { StoreError } from '../../../foundation/errors/store-error.ts';
import { UsageError } from '../../../foundation/errors/usage-error.ts';
import { postgresError } from './error.ts';

const uri = 'postgres://host/shop/images';

/** An error with a code, as the client gives it. */
function coded(code: string, message = 'in the words of the server\nand more'): Error {
  return Object.assign(new Error(message), { code });
}

it.each([
  ['28P01', /the server does not let this user in \(28P01\); check the user, and PGPASSWORD or ~\/\.pgpass$/],
  ['3D000', /there is no such database \(3D000\); make it with createdb, or check the address$/],
  ['42501', /the user may not do that \(42501\); grant/],
  ['53100', /the server has no room left \(53100\); free some space there$/],
  ['57P01', /the server ended the connection \(57P01\); what was written before is kept: give the rest again$/],
  ['ENOTFOUND', /there is no host of that name \(ENOTFOUND\); check the address$/],
  ['XX000', /: in the words of the server \(XX000\)$/],
])('says what %s means', (code, message) => {
  const error = postgresError('write the store', uri, coded(code));
  expect(error).toBeInstanceOf(StoreError);
  expect(error.message).toMatch(/^cannot write the store 'postgres:\/\/host\/shop\/images': /);
  expect(error.message).toMatch(message);
});

it('knows what the client says without a code', () => {
  const words = (message: string) => postgresError('open the store', uri, new Error(message)).message;
  const scram = 'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string';
  expect(words(scram)).toContain('does not let this user in; check the user, and PGPASSWORD');
  expect(words('Connection terminated unexpectedly')).toContain('the server ended the connection');
  expect(words('timeout expired')).toContain('no server answers there');
});

it('tells of the first address of a host that has several, and leaves errors of ours as they are', () => {
  const several = new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]);
  expect(postgresError('open the store', uri, several).message).toContain('no server answers there (ECONNREFUSED)');
  const ours = new UsageError('wrong', { path: 'where', expected: 'x', value: 1 });
  expect(postgresError('read the store', uri, ours)).toBe(ours);
});

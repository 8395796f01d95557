import { expect, it } from 'vitest';
import { lanceDbError } from './error.ts';

it.each([
  [
    'Failed to execute merge insert: lance error: LanceError(IO): No space left on device (os error 28), /cargo/registry/lance-file/src/writer.rs:432:9  Caused by: LanceError(IO): No space left on device (os error 28)',
    "cannot write the store 'x.lance': the disk is full (ENOSPC); free some space or choose another place",
  ],
  [
    'Invalid input, Failed to connect to namespace: Io { err: Os { code: 13, kind: PermissionDenied } }',
    "cannot write the store 'x.lance': permission is denied (EACCES); change the permissions or choose another place",
  ],
  [
    'Dataset at path x.lance was damaged: Not found: x.lance/_versions, /cargo/registry/lance/src/builder.rs:872:29\n  Caused by: more',
    "the store 'x.lance' is damaged (Dataset at path x.lance was damaged: Not found: x.lance/_versions): bring it back from a copy, or remove it and index again; images that were added by themselves have to be added again",
  ],
  ...[
    'LanceError(IO): Generic memory error: Invalid range 0..0 for object of size 0 bytes',
    'LanceError(Arrow): Io error: invalid seek to a negative or overflowing position',
    'LanceError(Arrow): Parser error: Arrow file does not contain correct footer',
    'Invalid input, Invalid format: manifest length does not match. Expected 756, got 34475',
    'Panic in async function',
  ].map((message) => [
    message,
    `the store 'x.lance' is damaged (${message}): bring it back from a copy, or remove it and index again; images that were added by themselves have to be added again`,
  ]),
  [
    'lance error: Retryable commit conflict for version 17: This Rewrite transaction was preempted by concurrent transaction Delete at version 17. Please retry., /cargo/x.rs:1:2',
    "cannot write the store 'x.lance': another program writes it; what was written before is kept: wait for its end, and give the rest again",
  ],
  [
    'Schema Error: Provided schema does not match existing table schema',
    "cannot write the store 'x.lance': another program writes it; what was written before is kept: wait for its end, and give the rest again",
  ],
  [
    'Incompatible transaction: This UpdateConfig transaction is incompatible with concurrent transaction UpdateConfig at version 3',
    "cannot write the store 'x.lance': another program writes it; what was written before is kept: wait for its end, and give the rest again",
  ],
  [
    'Invalid input, Failed to connect to namespace: IO { source: Generic { store: "S3", source: ListRequest { inner: Http(HttpError { kind: Connect, source: reqwest::Error { kind: Request } }) } } }',
    "cannot write the store 'x.lance': no server answers there; check its address, region and endpoint, and the network",
  ],
  [`Invalid input: ${'x'.repeat(1000)}`, `cannot write the store 'x.lance': Invalid input: ${'x'.repeat(285)}…`],
  [
    "Invalid input, No object store provider found for scheme: 'foo'\nValid schemes: gs, s3",
    "cannot write the store 'x.lance': LanceDB knows no addresses that begin with foo://; name a folder",
  ],
  ['os error 99999', "cannot write the store 'x.lance': os error 99999"],
])('makes one line of %s', (message, line) => {
  const error = lanceDbError('write the store', 'x.lance', new Error(message));
  expect(error.message).toBe(line);
});

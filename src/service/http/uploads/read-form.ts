import { Buffer } from 'node:buffer';
import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { RequestError } from '../../../foundation/errors/request-error.ts';
import type { FileRole } from '../../protocol/endpoint.ts';
import type { ByteShare } from '../load/byte-budget.ts';
import type { ServiceLimits } from '../load/service-limits.ts';
import { refusePicture } from './refuse-picture.ts';

/** The field of a form that has the JSON document of a request. */
export const documentField = 'request';

/** What a form had in it. */
export interface Form {
  /** The JSON document; undefined where there was none. */
  readonly document: unknown;
  readonly files: Readonly<Record<string, readonly Buffer[]>>;
}

/** What a form may have in it, and who counts its bytes. */
export interface FormRules {
  readonly roles: Readonly<Record<string, FileRole>>;
  readonly takesDocument: boolean;
  readonly limits: ServiceLimits;
  readonly share: ByteShare;
}

/**
 * Reads a form with pictures, which stay in memory.
 *
 * @throws RequestError if it has parts that the endpoint does not take, too many of one, too many bytes, or a picture
 *   that is not to be decoded.
 */
export async function readForm(request: FastifyRequest, rules: FormRules): Promise<Form> {
  const { roles, limits } = rules;
  const files: Record<string, Buffer[]> = Object.fromEntries(Object.keys(roles).map((role) => [role, []]));
  let document: unknown;
  const parts = request.parts({
    limits: {
      fileSize: limits.fileBytes,
      files: limits.files,
      // Those of other names, and a second document, are refused by their names.
      fields: 20,
      fieldSize: limits.documentBytes,
      fieldNameSize: 100,
      headerPairs: 20,
    },
  });
  try {
    for await (const part of parts) {
      if (part.type === 'file') await keepFile(part, files, rules);
      else if (document === undefined) document = parsedDocument(part, rules);
      else
        throw new RequestError('usage', `the form has '${documentField}' twice: send it once`, { path: documentField });
    }
  } catch (error) {
    throw refusalOfForm(error);
  }
  return { document, files };
}

async function keepFile(part: MultipartFile, files: Record<string, Buffer[]>, rules: FormRules): Promise<void> {
  const { fieldname: role } = part;
  if (!Object.hasOwn(rules.roles, role)) throw unknownPart(role, rules);
  const { most } = rules.roles[role];
  if (files[role].length >= most) {
    throw new RequestError('too-large', `the form has more than ${most} of the picture '${role}'`, { path: role });
  }
  const pieces: Buffer[] = [];
  for await (const piece of part.file as AsyncIterable<Buffer>) {
    rules.share.take(piece.length);
    pieces.push(piece);
  }
  if (part.file.truncated) {
    const most = rules.limits.fileBytes;
    throw new RequestError('too-large', `the picture '${role}' has more than ${most} bytes: make it smaller first`, {
      path: role,
    });
  }
  const bytes = Buffer.concat(pieces);
  refusePicture(role, part.mimetype, bytes);
  files[role].push(bytes);
}

function parsedDocument(part: Exclude<Multipart, MultipartFile>, rules: FormRules): unknown {
  const { fieldname, value, mimetype } = part;
  if (fieldname !== documentField || !rules.takesDocument) throw unknownPart(fieldname, rules);
  if (part.valueTruncated) {
    throw new RequestError(
      'too-large',
      `the field '${documentField}' has more than ${rules.limits.documentBytes} bytes`,
    );
  }
  // A part that says that it is JSON has been parsed already.
  if (mimetype === 'application/json') return value;
  try {
    return JSON.parse(String(value));
  } catch (error) {
    throw new RequestError('usage', `the field '${documentField}' is no JSON: ${(error as Error).message}`, {
      path: documentField,
    });
  }
}

/** The parser's own errors have a status where a limit is exceeded, and else mean that this is no form. */
function refusalOfForm(error: unknown): unknown {
  if (error instanceof RequestError || (error instanceof Error && 'statusCode' in error)) return error;
  return new RequestError('usage', `the form cannot be read (${(error as Error).message}): send multipart/form-data`, {
    cause: error,
  });
}

function unknownPart(name: string, { roles, takesDocument }: FormRules): RequestError {
  const known = [...(takesDocument ? [documentField] : []), ...Object.keys(roles)];
  return new RequestError('usage', `the form has a part '${name.slice(0, 100)}'; it may have ${known.join(', ')}`, {
    path: name.slice(0, 100),
  });
}

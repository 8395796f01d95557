import { AbortError } from './abort-error.ts';
import { DatasetError } from './dataset-error.ts';
import { DownloadError } from './download-error.ts';
import { EngineError } from './engine-error.ts';
import { FileError } from './file-error.ts';
import { GraphError } from './graph-error.ts';
import { InternalError } from './internal-error.ts';
import { ModelError } from './model-error.ts';
import { StoreError } from './store-error.ts';
import { TrainingError } from './training-error.ts';
import { UsageError } from './usage-error.ts';

/** An error as plain data, which every way between threads carries. */
export interface ErrorData {
  /** Names of its class and of those that this extends, nearest first. */
  readonly classes: readonly string[];
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Its own enumerable properties, such as `code`. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** What it was caused by, an error or another value; missing if it has no cause. */
  readonly cause?: { readonly error: ErrorData } | { readonly value: unknown };
}

/** A class of errors, known by its name. */
export interface ErrorClass {
  readonly name: string;
  readonly prototype: Error;
}

const knownClasses: readonly ErrorClass[] = [
  AbortError,
  UsageError,
  DatasetError,
  FileError,
  ModelError,
  StoreError,
  TrainingError,
  DownloadError,
  EngineError,
  GraphError,
  InternalError,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
];

/** Causes of causes that are kept: a chain may be a circle. */
const longestChain = 16;

/**
 * What was thrown as plain data: class, message, stack, code and other properties, and its causes, at most 16. A property that
 * cannot be copied, such as a function, is left out. Of a value that is no error its text is the message.
 */
export function errorData(thrown: unknown, chain = longestChain): ErrorData {
  if (!(thrown instanceof Error)) return errorData(new Error(String(thrown)), chain);
  const { name, message, stack } = thrown;
  const fields = Object.entries(thrown).flatMap(([key, value]) => {
    const copied = copyOf(value);
    return copied === undefined ? [] : [[key, copied.value] as const];
  });
  const data = { classes: classesOf(thrown), name, message, stack, fields: Object.fromEntries(fields) };
  if (!Object.hasOwn(thrown, 'cause') || chain === 0) return data;
  if (thrown.cause instanceof Error) return { ...data, cause: { error: errorData(thrown.cause, chain - 1) } };
  const cause = copyOf(thrown.cause);
  return cause === undefined ? data : { ...data, cause };
}

/**
 * The error that such data describe: of the same class, or of the nearest known one that it extends, with message, stack,
 * properties and causes. One of no known class is an `Error` of its name.
 *
 * @param classes known besides this room's and JavaScript's own.
 */
export function errorFromData(data: ErrorData, classes: readonly ErrorClass[] = []): Error {
  const error = new Error(data.message);
  const known = [...knownClasses, ...classes];
  const found = data.classes.flatMap((name) => known.find((candidate) => candidate.name === name) ?? [])[0];
  if (found !== undefined) Object.setPrototypeOf(error, found.prototype);
  Object.assign(error, data.fields);
  setHidden(error, 'stack', data.stack);
  if (error.name !== data.name) setHidden(error, 'name', data.name);
  if (data.cause !== undefined) {
    setHidden(error, 'cause', 'error' in data.cause ? errorFromData(data.cause.error, classes) : data.cause.value);
  }
  return error;
}

function classesOf(error: Error): string[] {
  const names: string[] = [];
  for (let prototype = Object.getPrototypeOf(error); prototype !== null; prototype = Object.getPrototypeOf(prototype)) {
    if (Object.hasOwn(prototype, 'constructor')) names.push(String(prototype.constructor.name));
  }
  return names;
}

function copyOf(value: unknown): { readonly value: unknown } | undefined {
  try {
    return { value: structuredClone(value) };
  } catch {
    return undefined;
  }
}

/** As the engine sets a property of an error: none of those that are listed. */
function setHidden(error: Error, key: 'name' | 'stack' | 'cause', value: unknown): void {
  Object.defineProperty(error, key, { value, configurable: true, writable: true, enumerable: false });
}

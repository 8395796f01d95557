import { z } from 'zod';
import { codeOf } from '../../../../foundation/files/file-error.ts';

/** A node gave no answer: it is away, or took longer than it may. */
export class NoAnswer extends Error {
  constructor(
    readonly node: string,
    reason: string,
    /** True where the node may have got what it was asked, and may do it yet. */
    readonly isInDoubt: boolean,
    options?: ErrorOptions,
  ) {
    super(`${node}: ${reason}`, options);
  }
}

/** A node answered that it will not, or cannot. */
export class Refusal extends Error {
  constructor(
    readonly node: string,
    /** Of HTTP. */
    readonly status: number,
    readonly reason: string,
  ) {
    super(`${node}: ${reason} (${status})`);
  }
}

/** What a node is asked. */
export interface RestRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Behind `/v1`. */
  readonly path: string;
  readonly body?: unknown;
  /** Milliseconds that the whole answer may take. */
  readonly deadline: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Codes of connections that were never made: what was asked has not arrived. */
const neverArrived: readonly (string | undefined)[] = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
];

const errorBody = z.object({ error: z.array(z.object({ message: z.string() })) });
const messageBody = z.object({ message: z.string() });

/** The REST interface of one node. */
export class NodeRest {
  /** @param node what messages call it: `host:port`. @param url without a slash at the end. */
  constructor(
    private readonly node: string,
    private readonly url: string,
    private readonly apiKey: string | undefined,
  ) {}

  /**
   * @returns the answer's JSON; undefined of an empty one, and of a status among `missing`.
   * @throws NoAnswer, Refusal
   */
  async ask(request: RestRequest, missing: readonly number[] = []): Promise<unknown> {
    const { status, text } = await this.#fetched(request);
    if (missing.includes(status)) return undefined;
    const json = jsonOf(text);
    if (status >= 200 && status < 300) return json;
    throw new Refusal(this.node, status, reasonOf(json, text));
  }

  /** True if the node says within some milliseconds that it is ready. */
  async isReady(deadline: number): Promise<boolean> {
    try {
      const { status } = await this.#fetched({ method: 'GET', path: '/.well-known/ready', deadline });
      return status === 200;
    } catch {
      return false;
    }
  }

  async #fetched({ method, path, body, deadline, headers }: RestRequest) {
    try {
      const response = await fetch(`${this.url}/v1${path}`, {
        method,
        signal: AbortSignal.timeout(deadline),
        headers: {
          ...headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(this.apiKey === undefined ? {} : { authorization: `Bearer ${this.apiKey}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      throw this.#noAnswer(error, deadline);
    }
  }

  #noAnswer(error: unknown, deadline: number): NoAnswer {
    if (error instanceof Error && error.name === 'TimeoutError') {
      return new NoAnswer(this.node, `no answer within ${deadline / 1000} s`, true, { cause: error });
    }
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    const first = cause instanceof AggregateError ? cause.errors[0] : cause;
    const code = codeOf(first);
    const message = first instanceof Error ? first.message : String(first);
    return new NoAnswer(this.node, code ?? message, !neverArrived.includes(code), { cause: error });
  }
}

function jsonOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(json: unknown, text: string): string {
  const errors = errorBody.safeParse(json);
  if (errors.success) return errors.data.error.map(({ message }) => message).join('; ');
  const message = messageBody.safeParse(json);
  return message.success ? message.data.message : text.split('\n')[0].slice(0, 200);
}

import multipart from '@fastify/multipart';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { RequestError } from '../../foundation/errors/request-error.ts';
import { type EndpointPath, paths } from '../protocol/paths.ts';
import { problemDocument, refusalOf } from './problems.ts';
import { routeGroups } from './routes/route-groups.ts';
import { allowOrigin } from './security/allow-origin.ts';
import { isAllowedHost } from './security/allowed-host.ts';
import { isCrossSite } from './security/cross-site.ts';
import { responseHeaders } from './security/response-headers.ts';
import type { ServiceContext } from './service-context.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What metrics call it. */
    readonly endpoint?: string;
    /** True where nobody needs a token. */
    readonly open?: boolean;
  }
}

/** Where logs go: one line of JSON each. */
export interface LogStream {
  write(line: string): void;
}

/** What a server answers to whom, and where it says what it does. */
export interface AppOptions {
  readonly context: ServiceContext;
  /** Names that it may be asked by, besides `localhost` and addresses. */
  readonly hostNames: readonly string[];
  /** Sites whose pages may ask it. */
  readonly origins: readonly string[];
  readonly log: { readonly level: string; readonly stream: LogStream } | undefined;
}

/** The server with all its endpoints, not listening yet. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { context, log } = options;
  const { limits } = context;
  const app = Fastify({
    logger: log ?? false,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.documentBytes,
    requestTimeout: limits.arrivalSeconds * 1000,
    connectionTimeout: limits.silenceSeconds * 1000,
    keepAliveTimeout: limits.silenceSeconds * 1000,
    // Often enough for a limit of a second.
    http: { connectionsCheckingInterval: 500, headersTimeout: limits.arrivalSeconds * 1000 },
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    routerOptions: { maxParamLength: 4096 },
    onProtoPoisoning: 'error',
  });
  app.server.maxConnections = limits.connections;
  app.removeContentTypeParser('text/plain');
  await app.register(multipart, { throwFileSizeLimit: false });
  app.addHook('onRequest', async (request, reply) => refuseStrangers(request, reply, options));
  app.addHook('onSend', async (_, reply) => {
    // A connection that stays open would keep the service from stopping.
    if (context.isStopping()) reply.header('connection', 'close');
  });
  app.addHook('onResponse', async (request, reply) => {
    const endpoint = request.routeOptions.config.endpoint ?? 'none';
    context.metrics.answered(endpoint, reply.statusCode, reply.elapsedTime / 1000);
    request.log.info({ endpoint, status: reply.statusCode, milliseconds: Math.round(reply.elapsedTime) }, 'answered');
  });
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply));
  for (const mountGroup of routeGroups) mountGroup(app, context);
  return app;
}

/** @throws RequestError of who may not ask. */
function refuseStrangers(request: FastifyRequest, reply: FastifyReply, options: AppOptions): FastifyReply | undefined {
  const { context, hostNames, origins } = options;
  reply.headers(responseHeaders);
  const { headers, method } = request;
  if (!isAllowedHost(headers.host, hostNames)) {
    throw new RequestError('forbidden', 'this service does not go by that host name: see the option of host names');
  }
  if (isCrossSite(method, headers, origins)) {
    throw new RequestError('forbidden', 'pages of other sites may not ask this service');
  }
  if (headers.origin !== undefined && origins.includes(headers.origin)) {
    if (allowOrigin(request, reply, headers.origin)) return reply;
  }
  const { token } = context;
  const { config } = request.routeOptions;
  if (token !== undefined && config.open !== true && !token.admits(headers)) {
    reply.header('www-authenticate', 'Bearer');
    throw new RequestError('unauthorized', 'a token is needed: send the header Authorization: Bearer <token>');
  }
  if (context.isStopping() && config.endpoint !== 'ready' && config.endpoint !== 'health') {
    throw new RequestError('unavailable', 'the service is stopping', { retryAfter: 5 });
  }
  // Before a body is looked for: some methods are refused without one.
  if (request.is404) throw unknownPath(request, reply);
  const packed = headers['content-encoding'];
  if (packed !== undefined && packed !== 'identity' && method !== 'GET' && method !== 'HEAD') {
    throw new RequestError('content-type', `a body packed by ${packed.slice(0, 40)} is not read: send it as it is`);
  }
  return undefined;
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const refusal = refusalOf(error);
  if (refusal.problem === 'failed') request.log.error({ err: refusal.cause }, 'failed');
  if (refusal.problem === 'store') request.log.warn({ err: refusal.cause }, 'the store cannot be used');
  if (refusal.retryAfter !== undefined) reply.header('retry-after', String(refusal.retryAfter));
  // The rest of a body is read and thrown away, within the time that a request has: a client that is still sending would get an
  // error of its connection instead of the answer.
  request.raw.unpipe();
  request.raw.resume();
  return reply.code(refusal.status).send(problemDocument(refusal));
}

function unknownPath(request: FastifyRequest, reply: FastifyReply): RequestError {
  const [path] = request.url.split('?');
  const methods = (Object.values(paths) as readonly EndpointPath[]).flatMap((one) =>
    one.path === path ? [one.method] : [],
  );
  if (methods.length === 0) {
    return new RequestError('not-found', 'there is nothing at this path: /openapi.json says what there is');
  }
  // Whatever is got can be asked for by its head alone.
  reply.header('allow', methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', '));
  return new RequestError('method-not-allowed', `this path is asked by ${methods.join(' and ')}`);
}

/** What came was no request, or did not come in time. */
function answerClientError(error: NodeJS.ErrnoException, socket: import('node:net').Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const refusal = late
    ? new RequestError('request-timeout', 'the request took too long to arrive')
    : new RequestError('usage', 'this is no HTTP request');
  const body = JSON.stringify(problemDocument(refusal));
  socket.end(
    `HTTP/1.1 ${late ? '408 Request Timeout' : '400 Bad Request'}\r\nConnection: close\r\n` +
      `Content-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

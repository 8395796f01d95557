import type { FastifyInstance } from 'fastify';
import type { ServiceContext } from '../service-context.ts';

/** Mounts the endpoints of a group. */
export type RouteGroup = (app: FastifyInstance, context: ServiceContext) => void;

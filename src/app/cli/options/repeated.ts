import { z } from 'zod';

/** Schema of an option that may be given several times; not given it is an empty list. */
export const repeated = z.array(z.string()).default([]);

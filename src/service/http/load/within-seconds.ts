import { RequestError } from '../../../foundation/errors/request-error.ts';

/**
 * What work gives, if it does within so many seconds. Work that takes longer goes on unheard.
 *
 * @throws RequestError `unavailable` after that time, or what the work throws.
 */
export async function withinSeconds<T>(seconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new RequestError('unavailable', `the work took more than ${seconds} seconds: try again later`));
    }, seconds * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

// What contracts and tables of cases use of vitest, in a page: tests are collected, and run one by one when Node asks for them.
import type { ExpectStatic } from '@vitest/expect';
import { chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect';

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

/** vitest's own. */
export const expect = chai.expect as unknown as ExpectStatic;

type Job = () => unknown;

/** A test that was collected, with what has to run before it. */
interface Collected {
  readonly name: string;
  readonly run: Job;
}

const collected: Collected[] = [];
const before: Job[] = [];
const after: Job[] = [];
const path: string[] = [];

/** Collects what is in it. */
export function describe(name: string, body: () => void): void {
  path.push(name);
  body();
  path.pop();
}

/** Collects a test. */
export function it(name: string, run: Job): void {
  collected.push({ name: [...path, name].join(' > '), run });
}

it.each =
  <Case>(cases: readonly Case[]) =>
  (name: string, run: (one: Case) => unknown): void => {
    for (const one of cases) it(name.replace('%s', String(one)), () => run(one));
  };

export const test = it;
export const beforeAll = (job: Job): void => void before.push(job);
export const afterAll = (job: Job): void => void after.push(job);

/** The names of all tests, in their order. */
export const names = (): string[] => collected.map(({ name }) => name);

/** Runs what comes before all tests. */
export async function begin(): Promise<void> {
  for (const job of before) await job();
}

/** Runs one test. @returns why it failed; null if it did not. */
export async function runOne(place: number): Promise<string | null> {
  try {
    await collected[place].run();
    return null;
  } catch (error) {
    return error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error);
  }
}

/** Runs what comes after all tests. */
export async function end(): Promise<void> {
  for (const job of after) await job();
}

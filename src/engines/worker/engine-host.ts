import type { HeldTensor, Program } from '../engine.ts';
import { OnnxruntimeEngine } from '../onnxruntime/onnxruntime-engine.ts';
import { buffersOf, transferable } from './transferable.ts';
import type { CallName, WorkerCalls } from './worker-protocol.ts';

/** An answer, and the buffers in it that are handed over with it. */
export interface Answer<Name extends CallName> {
  readonly answer: WorkerCalls[Name]['answer'];
  readonly transfer?: readonly ArrayBuffer[];
}

/** How each question is answered. */
export type Handlers = {
  readonly [Name in CallName]: (argument: WorkerCalls[Name]['argument']) => Promise<Answer<Name>>;
};

const nothing = { answer: undefined } as const;

/** Answers to the questions of a `WorkerEngine` from one onnxruntime engine, which `start` makes. */
export function hostEngine(): Handlers {
  const programs = new Map<number, Program>();
  const tensors = new Map<number, HeldTensor>();
  let engine: OnnxruntimeEngine;
  let numbers = 0;

  const programOf = (number: number): Program => known(programs, number, 'program');
  const tensorOf = (number: number): HeldTensor => known(tensors, number, 'held tensor');

  return {
    async start(settings) {
      engine = await OnnxruntimeEngine.create(settings);
      return { answer: { description: engine.description } };
    },

    async load({ bytes, inputs, outputs, options }) {
      const program = await engine.load(bytes, inputs, outputs, options);
      const number = numbers++;
      programs.set(number, program);
      return { answer: { program: number, inputs: program.inputs, outputs: program.outputs } };
    },

    async run({ program, feeds, fetch, into }) {
      const fed = mapValues(feeds, (feed) => ('tensor' in feed ? feed.tensor : tensorOf(feed.held)));
      const results = await programOf(program).run(fed, { fetch, into: mapValues(into, tensorOf) });
      const answer = mapValues(results, transferable);
      return { answer, transfer: buffersOf(Object.values(answer)) };
    },

    async releaseProgram(number) {
      await programs.get(number)?.release();
      programs.delete(number);
      return nothing;
    },

    async hold(value) {
      const number = numbers++;
      tensors.set(number, await engine.hold(value));
      return { answer: number };
    },

    async read(number) {
      const answer = transferable(await tensorOf(number).read(), 'a held tensor');
      return { answer, transfer: buffersOf([answer]) };
    },

    async write({ held, tensor }) {
      await tensorOf(held).write(tensor);
      return nothing;
    },

    async releaseHeld(number) {
      await tensors.get(number)?.release();
      tensors.delete(number);
      return nothing;
    },

    async close() {
      await engine.close();
      return nothing;
    },
  };
}

function known<T>(things: ReadonlyMap<number, T>, number: number, what: string): T {
  const thing = things.get(number);
  if (thing === undefined) throw new Error(`the ${what} has been released`);
  return thing;
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

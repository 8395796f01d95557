import { EngineError } from '../../foundation/errors/engine-error.ts';
import { importModel } from '../../graph/import/import-model.ts';
import type { HeldTensor, Program } from '../engine.ts';
import type { OneDnnEngine } from '../onednn/onednn-engine.ts';
import { OnnxruntimeEngine } from '../onnxruntime/onnxruntime-engine.ts';
import type { OnnxruntimeSettings } from '../onnxruntime/onnxruntime-settings.ts';
import { buffersOf, transferable } from './transferable.ts';
import type { CallName, WorkerCalls } from './worker-protocol.ts';
import type { WorkerEngineSettings } from './worker-settings.ts';

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

/** Answers to the questions of a `WorkerEngine` from one engine, which `start` makes. */
export function hostEngine(): Handlers {
  const programs = new Map<number, Program>();
  const tensors = new Map<number, HeldTensor>();
  let engine: OnnxruntimeEngine | OneDnnEngine;
  let numbers = 0;

  const programOf = (number: number): Program => known(programs, number, 'program');
  const tensorOf = (number: number): HeldTensor => known(tensors, number, 'held tensor');

  return {
    async start({ onednn, ...settings }) {
      engine = await (onednn === undefined ? OnnxruntimeEngine.create(settings) : startOneDnn(settings, onednn));
      return { answer: { description: engine.description } };
    },

    async load({ bytes, inputs, outputs, options, ours }) {
      const program = await (ours
        ? engine.compile(importModel(bytes), options)
        : engine.load(bytes, inputs, outputs, options));
      const number = numbers++;
      programs.set(number, program);
      const { inputs: names, outputs: results, placement } = program;
      return {
        answer: { program: number, inputs: names, outputs: results, ...(placement === undefined ? {} : { placement }) },
      };
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

/** oneDNN's code is read where it is wanted. */
async function startOneDnn(
  { threads }: OnnxruntimeSettings,
  { precision }: NonNullable<WorkerEngineSettings['onednn']>,
): Promise<OneDnnEngine> {
  const { OneDnnEngine: Started } = await import('../onednn/onednn-engine.ts');
  return Started.create({ precision, ...(threads === undefined ? {} : { threads }) });
}

function known<T>(things: ReadonlyMap<number, T>, number: number, what: string): T {
  const thing = things.get(number);
  if (thing === undefined) throw new EngineError(`the ${what} has been released`);
  return thing;
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, map: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

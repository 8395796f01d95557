import type { ErrorData } from '../../foundation/errors/error-data.ts';
import type { Tensor } from '../../graph/tensor/tensor.ts';
import type { GraphInput } from '../check-feeds.ts';
import type { CompileOptions, Placement } from '../engine.ts';
import type { WorkerEngineSettings } from './worker-settings.ts';

/** A tensor as a run is fed with it: its elements, or the number of a tensor that the thread holds. */
export type Feed = { readonly tensor: Tensor } | { readonly held: number };

/** What a thread with an engine can be asked, and what it answers. Programs and held tensors are numbers it gave. */
export interface WorkerCalls {
  start: { argument: WorkerEngineSettings; answer: { readonly description: string } };
  load: {
    argument: {
      readonly bytes: Uint8Array;
      readonly inputs: readonly GraphInput[];
      readonly outputs: readonly GraphInput[];
      readonly options: CompileOptions;
      /** True of a graph of ours, with gradients under their own names, which oneDNN may be given; false of a file as it is. */
      readonly ours: boolean;
    };
    answer: {
      readonly program: number;
      readonly inputs: readonly string[];
      readonly outputs: readonly string[];
      readonly placement?: Placement;
    };
  };
  run: {
    argument: {
      readonly program: number;
      readonly feeds: Readonly<Record<string, Feed>>;
      readonly fetch: readonly string[];
      readonly into: Readonly<Record<string, number>>;
    };
    answer: Readonly<Record<string, Tensor>>;
  };
  releaseProgram: { argument: number; answer: undefined };
  hold: { argument: Tensor; answer: number };
  read: { argument: number; answer: Tensor };
  write: { argument: { readonly held: number; readonly tensor: Tensor }; answer: undefined };
  releaseHeld: { argument: number; answer: undefined };
  close: { argument: undefined; answer: undefined };
}

/** The name of a question to the thread. */
export type CallName = keyof WorkerCalls;

/** A question to the thread. Questions are answered one after the other, in the order in which they were asked. */
export type WorkerRequest<Name extends CallName = CallName> = {
  [Call in Name]: { readonly id: number; readonly call: Call; readonly argument: WorkerCalls[Call]['argument'] };
}[Name];

/** The thread's answer to question `id`: a value, or why there is none. */
export type WorkerReply =
  | { readonly id: number; readonly answer: WorkerCalls[CallName]['answer'] }
  | { readonly id: number; readonly error: ErrorData };

/** The signals that ask the program to stop, by their numbers everywhere. */
export const stopSignals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** The name of a signal that asks the program to stop. */
export type StopSignalName = keyof typeof stopSignals;

/** Why a command is to stop: a signal, of which the shell's exit code is 128 and its number. */
export class StoppedBySignal extends Error {
  override readonly name = 'StoppedBySignal';
  readonly exitCode: number;

  constructor(readonly signal: StopSignalName) {
    super(`stopped by ${signal}`);
    this.exitCode = 128 + stopSignals[signal];
  }
}

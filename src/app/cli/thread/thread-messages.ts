import type { StopSignalName } from './stop-signal.ts';

/** What a command's thread is started with. */
export interface CommandThreadData {
  /** What was typed behind the program's name. */
  readonly argv: readonly string[];
  /** Of standard output and standard error: whether it is a terminal, and how wide. */
  readonly stdout: TerminalSize;
  readonly stderr: TerminalSize;
}

/** A standard stream as a command's thread knows it. */
export interface TerminalSize {
  readonly isTTY: boolean;
  readonly columns: number | undefined;
}

/** From a command's thread: text, that the command line is understood, that all is done. */
export type MessageFromCommand =
  | { readonly kind: 'text'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  | { readonly kind: 'began'; readonly stopsItself: boolean }
  | { readonly kind: 'ended'; readonly exitCode: number };

/** To a command's thread: that it is to stop, or that the terminal has another size. */
export type MessageToCommand =
  | { readonly kind: 'stop'; readonly signal: StopSignalName }
  | { readonly kind: 'size'; readonly stream: 'stdout' | 'stderr'; readonly size: TerminalSize };

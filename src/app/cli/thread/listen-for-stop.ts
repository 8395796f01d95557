import { StoppedBySignal, type StopSignalName, stopSignals } from './stop-signal.ts';

/**
 * Listens for the signals that ask the program to stop. The first is passed on; a second one, whichever it is, ends the
 * process at once. `nohup` changes nothing: when Node starts, it forgets which signals it was to ignore.
 */
export function listenForStop(onFirst: (signal: StopSignalName) => void): void {
  let asked = false;
  for (const name of Object.keys(stopSignals) as StopSignalName[]) {
    process.on(name, () => {
      if (asked) endBySignal(name);
      asked = true;
      onFirst(name);
    });
  }
}

/**
 * Ends the process as the signal would have if nobody had listened: by the kernel, whatever its threads are stuck in, where
 * `process.exit` waits for them. A shell reads 128 and the signal's number as its exit code.
 */
export function endBySignal(name: StopSignalName): never {
  process.removeAllListeners(name);
  process.kill(process.pid, name);
  // Only reached where signals do not end a process: the first one of a container.
  process.exit(new StoppedBySignal(name).exitCode);
}

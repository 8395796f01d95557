/**
 * Refuses what native libraries do unasked: onnxruntime reports its use to Microsoft from 1.30 on, and keeps files for that in the
 * user's cache folder; LanceDB prints its warnings beside our own messages. What the user has set stays. It holds in this process and
 * all threads that begin later, and has to be called in the first thread, before the libraries begin: other threads have a
 * copy of the environment.
 */
export function hushLibraries(): void {
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
  process.env['LANCEDB_LOG'] ??= 'error';
}

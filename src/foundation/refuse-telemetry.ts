/** What onnxruntime looks at before it reports its use. */
const refusal = 'ORT_DISABLE_TELEMETRY';

/**
 * Refuses onnxruntime's reports of its use to Microsoft, and the files that it keeps for them in the user's cache folder (from 1.30 on
 * without being asked), in this process and all threads that begin later. What the user has set stays. It has to be called
 * in the first thread, before onnxruntime begins: other threads have a copy of the environment.
 */
export function refuseTelemetry(): void {
  process.env[refusal] ??= '1';
}

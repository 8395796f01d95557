/** Calls `work` when its result is first asked for, and keeps the result: for what the gradients of several inputs share. */
export function once<T>(work: () => T): () => T {
  let result: { readonly value: T } | undefined;
  return () => {
    result ??= { value: work() };
    return result.value;
  };
}

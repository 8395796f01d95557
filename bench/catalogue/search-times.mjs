/**
 * Searches for vectors one by one.
 *
 * @returns what each found, and of the milliseconds the median and those that 95 and 99 of 100 stay below.
 */
export async function searchTimes(store, queries, k, demand = {}) {
  const [found, times] = [[], []];
  for (const query of queries) {
    const began = performance.now();
    found.push(await store.search(query, k, {}, demand));
    times.push(performance.now() - began);
  }
  return { found, times: spreadOf(times) };
}

/** The median of milliseconds, and those that 95 and 99 of 100 stay below. */
export function spreadOf(times) {
  return { p50: percentile(times, 0.5), p95: percentile(times, 0.95), p99: percentile(times, 0.99) };
}

function percentile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

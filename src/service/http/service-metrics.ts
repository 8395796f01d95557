import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What metrics ask the service when they are read. */
export interface MeasuredService {
  requestsInside(): number;
  uploadBytes(): number;
}

/** Figures for Prometheus, in a registry of the service's own. */
export class ServiceMetrics {
  readonly #registry = new Registry();
  readonly #seconds: Histogram<'endpoint' | 'status'>;

  constructor({ requestsInside, uploadBytes }: MeasuredService) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#seconds = new Histogram({
      name: 'lookalike_request_seconds',
      help: 'Seconds from the head of a request to the end of its answer.',
      labelNames: ['endpoint', 'status'],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    });
    new Gauge({
      name: 'lookalike_requests_inside',
      help: 'Requests that are worked on or wait for it.',
      registers,
      collect() {
        this.set(requestsInside());
      },
    });
    new Gauge({
      name: 'lookalike_upload_bytes',
      help: 'Bytes of uploaded pictures in memory.',
      registers,
      collect() {
        this.set(uploadBytes());
      },
    });
  }

  /** Counts an answer. */
  answered(endpoint: string, status: number, seconds: number): void {
    this.#seconds.observe({ endpoint, status: String(status) }, seconds);
  }

  /** All figures in Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** Stops measuring. */
  stop(): void {
    this.#registry.clear();
  }
}

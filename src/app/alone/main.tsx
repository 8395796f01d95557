import { render } from 'preact';
import { AloneApp } from './alone-app.tsx';
import { WorkerClient } from './worker/worker-client.ts';

// The entry of the page that needs no service: alone.html has the place that it fills.

const client = new WorkerClient(new URL('./alone-worker.js', import.meta.url));
render(<AloneApp client={client} />, document.getElementById('page') ?? document.body);

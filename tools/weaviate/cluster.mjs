/**
 * Nodes of Weaviate on this machine's loopback, for tests: node tools/weaviate/cluster.mjs start|stop|kill|restart|address [node] [--nodes 3] [--port 21000] [--folder <dir>] [--server <binary>]
 *
 * `start` starts those that do not run and waits until all are ready; `stop` ends them, by the numbers of their processes, and
 * `--wipe` removes what they kept; `kill 2` sends SIGKILL to one, `restart 2` starts it again.
 *
 * Ports from --port on: REST + node, gRPC + 20 + node, profiling (off) + 10 + node, gossip + 40 + 2 node, data + 41 + 2 node, Raft + 60
 * + 2 node, its own calls one above. REST, gossip and Raft listen on 127.0.0.1; gRPC and the data port, which Weaviate has no setting
 * for, on all interfaces: no place for a machine that others reach.
 */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { serverFile } from './build.mjs';

/** Milliseconds that nodes may take to start, and to stop before they are killed. */
const [startWithin, stopWithin] = [180_000, 30_000];

export class WeaviateNodes {
  /** @param {{ nodes?: number, port?: number, folder?: string, server?: string, settings?: Record<string, string> }} options */
  constructor({ nodes = 3, port = 21_000, folder, server = serverFile(), settings = {} } = {}) {
    this.count = nodes;
    this.port = port;
    this.folder = path.resolve(folder ?? path.join(homedir(), '.cache', 'lookalike', `weaviate-nodes-${port}`));
    this.server = server;
    this.settings = settings;
  }

  /** The address of a collection. */
  uri(collection) {
    const hosts = this.#each((node) => `127.0.0.1:${this.port + node}`);
    return `weaviate://${hosts.join(',')}/${collection}`;
  }

  async start() {
    if (!existsSync(this.server))
      throw new Error(`there is no ${this.server}: run node tools/weaviate/build.mjs first`);
    // The first waits for all of them.
    for (const node of this.#numbers()) this.#spawn(node);
    for (const node of this.#numbers()) await this.#whenReady(node);
  }

  /** SIGKILLs a node and waits until it is gone. */
  async kill(node) {
    await this.#end(node, 'SIGKILL');
  }

  async restart(node, isWaiting = true) {
    this.#spawn(node);
    if (isWaiting) await this.#whenReady(node);
  }

  async stop({ wipe = false } = {}) {
    await Promise.all(this.#numbers().map((node) => this.#end(node, 'SIGTERM')));
    if (wipe) rmSync(this.folder, { recursive: true, force: true });
  }

  /** The number of the node that leads the Raft, as a node that is there says. */
  async leader() {
    for (const node of this.#numbers()) {
      try {
        const answer = await fetch(`http://127.0.0.1:${this.port + node}/v1/cluster/statistics`, {
          signal: AbortSignal.timeout(5000),
        });
        const { statistics } = await answer.json();
        const leader = statistics.map(({ leaderId }) => leaderId).find(Boolean);
        if (leader !== undefined) return Number(String(leader).replace('node', ''));
      } catch {
        // Another one may know.
      }
    }
    return undefined;
  }

  /** The process of a node; undefined where it does not run. A number that another program has by now is none. */
  process(node) {
    try {
      const process = Number(readFileSync(path.join(this.folder, `node${node}.pid`), 'utf8'));
      const environment = readFileSync(`/proc/${process}/environ`, 'utf8').split('\0');
      return environment.includes(`PERSISTENCE_DATA_PATH=${this.#data(node)}`) ? process : undefined;
    } catch {
      return undefined;
    }
  }

  #spawn(node) {
    if (this.process(node) !== undefined) return;
    mkdirSync(this.#data(node), { recursive: true });
    const log = openSync(path.join(this.folder, `node${node}.log`), 'a');
    const child = spawn(
      this.server,
      [
        '--scheme',
        'http',
        '--host',
        '127.0.0.1',
        '--port',
        `${this.port + node}`,
        '--read-timeout=600s',
        '--write-timeout=600s',
      ],
      { detached: true, stdio: ['ignore', log, log], env: this.#environment(node) },
    );
    child.unref();
    closeSync(log);
    const { pid } = child;
    if (pid === undefined) throw new Error(`${this.server} cannot be run`);
    writeFileSync(path.join(this.folder, `node${node}.pid`), String(pid));
  }

  /** Nothing of the caller's environment: no proxies, no tokens. */
  #environment(node) {
    const raft = this.port + 60 + 2 * node;
    return {
      PATH: process.env.PATH,
      HOME: this.folder,
      CLUSTER_HOSTNAME: `node${node}`,
      CLUSTER_IN_LOCALHOST: 'true',
      CLUSTER_BIND_ADDR: '127.0.0.1',
      CLUSTER_GOSSIP_BIND_PORT: `${this.port + 40 + 2 * node}`,
      CLUSTER_DATA_BIND_PORT: `${this.port + 41 + 2 * node}`,
      // All of them, so that any may be away when another one comes back.
      CLUSTER_JOIN: this.#each((one) => `127.0.0.1:${this.port + 40 + 2 * one}`).join(','),
      RAFT_PORT: `${raft}`,
      RAFT_INTERNAL_RPC_PORT: `${raft + 1}`,
      RAFT_JOIN: this.#each((one) => `node${one}:${this.port + 60 + 2 * one}`).join(','),
      RAFT_BOOTSTRAP_EXPECT: `${this.count}`,
      RAFT_BOOTSTRAP_TIMEOUT: '120',
      GRPC_PORT: `${this.port + 20 + node}`,
      PERSISTENCE_DATA_PATH: this.#data(node),
      AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED: 'true',
      API_BASED_MODULES_DISABLED: 'true',
      DEFAULT_VECTORIZER_MODULE: 'none',
      DISABLE_TELEMETRY: 'true',
      GO_PROFILING_DISABLE: 'true',
      GO_PROFILING_PORT: `${this.port + 10 + node}`,
      AUTOSCHEMA_ENABLED: 'false',
      QUERY_MAXIMUM_RESULTS: '10000',
      REPLICATION_MINIMUM_FACTOR: `${Math.min(3, this.count)}`,
      REPLICATION_FORCE_DELETION_STRATEGY: 'TimeBasedResolution',
      MEMBERLIST_FAST_FAILURE_DETECTION: 'true',
      // A node that was away has what it missed within seconds.
      ASYNC_REPLICATION_FREQUENCY: '3s',
      ASYNC_REPLICATION_FREQUENCY_WHILE_PROPAGATING: '1s',
      ASYNC_REPLICATION_PROPAGATION_DELAY: '3s',
      DISK_USE_WARNING_PERCENTAGE: '97',
      DISK_USE_READONLY_PERCENTAGE: '99',
      GOMEMLIMIT: '3GiB',
      LOG_LEVEL: 'warning',
      ...this.settings,
    };
  }

  async #whenReady(node) {
    for (const end = performance.now() + startWithin; performance.now() < end; await setTimeout(200)) {
      const url = `http://127.0.0.1:${this.port + node}/v1/.well-known/ready`;
      const answer = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
      if (answer?.status === 200) return;
      if (this.process(node) === undefined) break;
    }
    throw new Error(`node ${node} is not ready: its log is ${path.join(this.folder, `node${node}.log`)}`);
  }

  async #end(node, signal) {
    const number = this.process(node);
    if (number === undefined) return;
    process.kill(number, signal);
    for (const end = performance.now() + stopWithin; this.process(node) !== undefined; await setTimeout(50)) {
      if (performance.now() > end) process.kill(number, 'SIGKILL');
    }
  }

  #data(node) {
    return path.join(this.folder, `node${node}`);
  }

  #numbers() {
    return this.#each((node) => node);
  }

  #each(make) {
    return Array.from({ length: this.count }, (_, node) => make(node));
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      nodes: { type: 'string', default: '3' },
      port: { type: 'string', default: '21000' },
      folder: { type: 'string' },
      server: { type: 'string' },
      wipe: { type: 'boolean', default: false },
    },
  });
  const { folder, server, wipe } = values;
  const nodes = new WeaviateNodes({ nodes: Number(values.nodes), port: Number(values.port), folder, server });
  const [action, node] = positionals;
  const actions = {
    start: () => nodes.start(),
    stop: () => nodes.stop({ wipe }),
    kill: () => nodes.kill(Number(node)),
    restart: () => nodes.restart(Number(node)),
    address: async () => undefined,
  };
  const act = actions[action];
  if (act === undefined) throw new Error(`'${action}' is none of ${Object.keys(actions).join(', ')}`);
  await act();
  console.log(nodes.uri('Pictures'));
}

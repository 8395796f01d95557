import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { saidUrl } from './said-url.mjs';

// Asks `lookalike serve` and `lookalike label` what their OpenAPI description allows, and what it does not:
// npm run test:schemathesis -- [--examples 100] [--seed 1]
//
// Schemathesis (a generator of requests in Python, of the version below) makes requests of the description: examples, limits of each
// value, random ones, wrong ones, and sequences. It fails on a status from 500 on, on an answer (status, type, headers, document)
// that the description does not have, and on a wrong request that is taken for a right one. A right one may be refused:
// that a text is a picture, an id of the store or a condition is more than a schema says. It is installed with pip into
// node_modules/.cache/lookalike-schemathesis (a virtual environment by python3's venv, some 100 MB) the first time;
// LOOKALIKE_SCHEMATHESIS names another program instead. The services are of the build in dist, on pictures that this program
// draws, in a folder that it removes. Never part of npm test.

const version = '4.32.5';
const root = path.dirname(import.meta.dirname);
const { values } = parseArgs({
  options: { examples: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } },
});
const program = path.join(root, 'dist/cli/main.js');
const tester = schemathesis();
const folder = mkdtempSync(path.join(tmpdir(), 'lookalike-schemathesis-'));
let failed = 0;
try {
  await drawPictures(path.join(folder, 'pictures'));
  lookalike('index', 'pictures', '--thumbnails');
  mkdirSync(path.join(folder, 'runs', 'ended'), { recursive: true });
  writeFileSync(path.join(folder, 'runs', 'ended', 'config.json'), '{}');
  writeFileSync(path.join(folder, 'schemathesis.toml'), settings());
  const serve = ['serve', '--changes', '--allow-remote', '--runs', 'runs'];
  for (const command of [serve, ['label', 'pictures']]) failed += await judged(command);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failed > 0) process.exitCode = 1;

/** What is refused may be too large, too; and what there is to be asked about. */
function settings() {
  const refused = [400, 401, 403, 404, 405, 409, 413, 415, 422, 429].map((status) => `"${status}"`).join(', ');
  const known = {
    'GET /v1/label/nearest': { id: 'arrow/0.png' },
    'GET /v1/label/picture': { id: 'arrow/1.png' },
    'GET /v1/runs/log': { name: 'ended' },
  };
  const operations = Object.entries(known).map(([name, parameters]) => {
    const [[parameter, value]] = Object.entries(parameters);
    return `[[operations]]\ninclude-name = "${name}"\nparameters = { ${parameter} = "${value}" }\n`;
  });
  return [`[checks]\nnegative_data_rejection.expected-statuses = [${refused}]\n`, ...operations].join('\n');
}

/** Starts a service, lets the generator ask it, stops it. @returns 1 if anything was wrong, else 0. */
async function judged(command) {
  console.log(`\nlookalike ${command.join(' ')}\n`);
  const service = spawn(process.execPath, [program, ...command, '--port', '0'], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const ended = new Promise((resolve) => service.on('exit', resolve));
  try {
    const url = await saidUrl(service);
    const how = [
      '--max-examples',
      values.examples,
      '--seed',
      values.seed,
      '--exclude-checks',
      'positive_data_acceptance',
    ];
    const asked = ['run', `${url}/openapi.json`, ...how];
    const { status } = spawnSync(tester, asked, { cwd: folder, stdio: 'inherit' });
    return status === 0 ? 0 : 1;
  } finally {
    service.kill('SIGTERM');
    await ended;
  }
}

function lookalike(...argv) {
  execFileSync(process.execPath, [program, ...argv], { cwd: folder, stdio: 'inherit' });
}

/** Four classes of three drawings. */
async function drawPictures(to) {
  for (const [kind, shape] of Object.entries({
    disc: '<circle cx="32" cy="32" r="20"/>',
    bar: '<rect x="8" y="24" width="48" height="16"/>',
    arrow: '<path d="M8 56 32 8 56 56z"/>',
    cross: '<path d="M24 8h16v16h16v16H40v16H24V40H8V24h16z"/>',
  })) {
    mkdirSync(path.join(to, kind), { recursive: true });
    for (const [at, colour] of ['#b33', '#383', '#33b'].entries()) {
      const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" fill="${colour}">${shape}</svg>`;
      writeFileSync(
        path.join(to, kind, `${at}.png`),
        await sharp(Buffer.from(drawing)).flatten({ background: '#fff' }).png().toBuffer(),
      );
    }
  }
}

/** The generator's program, which is installed where it is not there. */
function schemathesis() {
  const named = process.env['LOOKALIKE_SCHEMATHESIS'];
  if (named !== undefined) return named;
  const home = path.join(root, 'node_modules/.cache/lookalike-schemathesis', version);
  const found = path.join(home, 'bin/schemathesis');
  if (existsSync(found)) return found;
  console.log(`installing schemathesis ${version} with pip into ${path.relative(root, home)}`);
  mkdirSync(path.dirname(home), { recursive: true });
  execFileSync('python3', ['-m', 'venv', home], { stdio: 'inherit' });
  const pip = ['install', '--quiet', '--disable-pip-version-check', `schemathesis==${version}`];
  execFileSync(path.join(home, 'bin/pip'), pip, { stdio: 'inherit' });
  return found;
}

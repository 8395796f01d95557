import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { PictureDecoder } from '../dist/pictures/decoding/picture-decoder.js';
import { PictureRefusal } from '../dist/pictures/decoding/picture-refusal.js';

// Decodes pictures whose headers say random sizes, depths and counts: npm run fuzz -- pictures [--runs 10000] [--seed n].
// Each has to be decoded or refused with a reason, within 10 s of processor time, a minute of the clock (other programs may
// have the processors meanwhile) and 2 GB, and no process may be left.

/** Most that one picture may take. */
const bounds = { seconds: 10, clockSeconds: 60, gigabytes: 2 };

/** @param {{ runs: number, seed: number }} options */
export async function fuzzPictures({ runs, seed }) {
  const decoder = new PictureDecoder({}, 1);
  const random = randomNumbers(seed);
  const counts = { decoded: 0, refused: 0 };
  const reasons = new Map();
  const slowest = { seconds: 0, format: '', reason: '' };
  let mostBytes = 0;
  let mostCpu = 0;
  const began = performance.now();
  for (let run = 0; run < runs; run++) {
    const [format, bytes] = randomPicture(random);
    const watch = watchProcesses();
    const started = performance.now();
    let reason = 'decoded';
    try {
      const { width, height, data } = await decoder.decode(bytes, {
        background: '#ffffff',
        target: { width: 64, height: 64 },
      });
      if (data.length !== width * height * 3)
        throw new Error(`picture ${run}: ${data.length} bytes for ${width} x ${height}`);
      counts.decoded++;
    } catch (error) {
      if (!(error instanceof PictureRefusal))
        throw new Error(`picture ${run} of seed ${seed} (${format}): ${error.stack}`);
      reason = error.message.replace(/\d[\d,.]*/g, 'n').replace(/\(.*?\)/g, '(…)');
      counts.refused++;
    }
    const seconds = (performance.now() - started) / 1000;
    const { bytes: bytesTaken, cpuSeconds } = watch();
    mostBytes = Math.max(mostBytes, bytesTaken);
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    if (seconds > slowest.seconds) Object.assign(slowest, { seconds, format, reason });
    mostCpu = Math.max(mostCpu, cpuSeconds);
    if (cpuSeconds > bounds.seconds || seconds > bounds.clockSeconds)
      throw new Error(
        `picture ${run} of seed ${seed} (${format}) took ${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s of processor time: ${reason}`,
      );
    if (bytesTaken > bounds.gigabytes * 1e9)
      throw new Error(`picture ${run} of seed ${seed} (${format}) took ${(bytesTaken / 1e9).toFixed(2)} GB`);
  }
  await new Promise((resolve) => setTimeout(resolve, 4000));
  const left = children().length;
  if (left > 0) throw new Error(`${left} processes are left`);
  console.log(
    `${runs} pictures in ${((performance.now() - began) / 1000).toFixed(0)} s, seed ${seed}: ${counts.decoded} decoded, ${counts.refused} refused`,
  );
  console.log(
    `slowest ${slowest.seconds.toFixed(2)} s (${slowest.format}: ${slowest.reason}); most processor time ${mostCpu.toFixed(2)} s; most memory ${(mostBytes / 1e9).toFixed(2)} GB; no process left`,
  );
  for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 20))
    console.log(`${String(count).padStart(6)}  ${reason}`);
}

/**
 * Looks at this process and those it started: what is returned tells the most memory of one, in bytes, and the processor time
 * of all. Linux alone; of the others only this process's time elsewhere.
 */
function watchProcesses() {
  let bytes = 0;
  const before = process.cpuUsage();
  const begun = new Map(children().map((pid) => [pid, cpuOf(pid)]));
  const spent = new Map();
  const look = () => {
    for (const pid of [process.pid, ...children()]) {
      bytes = Math.max(bytes, residentBytes(pid));
      if (pid !== process.pid) spent.set(pid, Math.max(spent.get(pid) ?? 0, cpuOf(pid) - (begun.get(pid) ?? 0)));
    }
  };
  const timer = setInterval(look, 50);
  return () => {
    clearInterval(timer);
    look();
    const { user, system } = process.cpuUsage(before);
    return { bytes, cpuSeconds: (user + system) / 1e6 + [...spent.values()].reduce((sum, one) => sum + one, 0) };
  };
}

/** Processor time of a process in seconds: fields 14 and 15 of its stat, in hundredths. */
function cpuOf(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

function residentBytes(pid) {
  try {
    return 4096 * Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
  } catch {
    return 0;
  }
}

function children() {
  try {
    return readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
      .trim()
      .split(' ')
      .filter(Boolean)
      .map(Number);
  } catch {
    return spawnSync('pgrep', ['-P', String(process.pid)], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter(Boolean)
      .map(Number);
  }
}

/** Numbers from 0 to 1, the same for a seed (mulberry32). */
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @returns {[string, Buffer]} */
function randomPicture(random) {
  const one = (...choices) => choices[Math.floor(random() * choices.length)];
  const whole = (most) => Math.floor(random() * (most + 1));
  const side = () =>
    one(
      0,
      1,
      2,
      7,
      64,
      300,
      4096,
      16_383,
      32_767,
      65_535,
      65_536,
      2 ** 24,
      2 ** 31 - 1,
      whole(500),
      whole(500),
      Math.floor(2 ** (random() * 17)),
    );
  const noise = (length) => Buffer.from(Array.from({ length }, () => whole(255)));
  const makers = { PNG: png, JPEG: jpeg, TIFF: tiff, WebP: webp, GIF: gif, SVG: svg };
  const format = one(...Object.keys(makers));
  return [format, makers[format]({ one, whole, side, noise })];
}

function chunk(kind, data) {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named) >>> 0);
  return Buffer.concat([length, named, sum]);
}

/** Rows of zeros compress to a thousandth: enough of them for the size that is said, or fewer. */
const zeros = (bytes) => deflateSync(Buffer.alloc(Math.max(0, Math.min(bytes, 2 ** 28))), { level: 1 });

function png({ one, whole, side, noise }) {
  const header = Buffer.alloc(13);
  const [width, height] = [side(), side()];
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const depth = one(1, 2, 4, 8, 8, 16, whole(255));
  const colour = one(0, 2, 3, 4, 6, whole(255));
  header.set([depth, colour, one(0, 0, 0, 1), 0, one(0, 0, 1, 2)], 8);
  const rowBytes = 1 + Math.ceil((width * depth * ({ 2: 3, 4: 2, 6: 4 }[colour] ?? 1)) / 8);
  const data = one(zeros(rowBytes * height), zeros(rowBytes * height * 0.5), noise(whole(200)), Buffer.alloc(0));
  const extra = one(
    [],
    [chunk('PLTE', noise(3 * whole(256)))],
    [chunk('tRNS', noise(whole(300)))],
    [chunk('iCCP', noise(whole(100)))],
  );
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    ...extra,
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function jpeg({ one, whole, side, noise }) {
  const segment = (marker, data) =>
    Buffer.concat([Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255]), data]);
  const components = one(1, 3, 3, 4, whole(10));
  const frame = Buffer.alloc(6 + 3 * components);
  frame[0] = one(8, 8, 8, 12, 16, whole(255));
  frame.writeUInt16BE(side() & 0xffff, 1);
  frame.writeUInt16BE(side() & 0xffff, 3);
  frame[5] = components;
  for (let place = 0; place < components; place++)
    frame.set([place + 1, one(0x11, 0x22, 0x44, whole(255)), 0], 6 + 3 * place);
  const table = (kind) => Buffer.concat([Buffer.from([kind, 1, ...new Array(15).fill(0)]), Buffer.from([0])]);
  const scan = Buffer.from([
    components,
    ...Array.from({ length: components }, (_, place) => [place + 1, 0]).flat(),
    0,
    one(0, 63),
    0,
  ]);
  const data = () => one(Buffer.alloc(whole(100_000)), Buffer.alloc(whole(3_000_000)), noise(whole(300)));
  const kind = one(0xc0, 0xc1, 0xc2, 0xc2, 0xc9, 0xcf);
  const scans = Array.from({ length: one(1, 1, 3, 200) }, () => [segment(0xda, scan), data()]).flat();
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, Buffer.concat([Buffer.from([0]), Buffer.alloc(64, 1)])),
    segment(kind, frame),
    segment(0xc4, table(0)),
    segment(0xc4, table(0x10)),
    ...scans,
    Buffer.from([0xff, 0xd9]),
  ]);
}

function tiff({ one, whole, side, noise }) {
  const entries = [];
  const field = (tag, type, values) => entries.push([tag, type, values]);
  const [width, height] = [side(), side()];
  const samples = one(1, 3, 3, 4, 5, whole(70));
  const bits = one(1, 4, 8, 8, 16, 32, 64, whole(255));
  const deflated = one(true, false);
  const tiled = one(true, false, false);
  const pieceRows = Math.max(1, Math.min(height, one(height, 1, 16, whole(5000))));
  const pieces = Math.max(1, Math.min(3000, Math.ceil(height / pieceRows)));
  const bytes = Math.ceil((width * samples * bits) / 8) * pieceRows;
  const data = one(deflated ? zeros(bytes) : Buffer.alloc(Math.min(bytes, 2 ** 26)), noise(whole(500)));
  field(256, 4, [width]);
  field(257, 4, [height]);
  field(258, 3, one(new Array(Math.max(1, samples)).fill(bits), [bits]));
  field(259, 3, [deflated ? 8 : one(1, 1, 5, 7, 32_773, whole(65_535))]);
  field(262, 3, [one(0, 1, 2, 3, 5, 6, 8, whole(40_000))]);
  field(277, 3, [samples]);
  field(tiled ? 322 : 278, 4, [tiled ? one(16, 256, width & 0xfffff0, whole(70_000)) : pieceRows]);
  if (tiled) field(323, 4, [one(16, 256, height & 0xfffff0, whole(70_000))]);
  field(tiled ? 324 : 273, 4, new Array(pieces).fill(one(8, 8, 8, whole(2 ** 31))));
  field(tiled ? 325 : 279, 4, new Array(pieces).fill(one(data.length, data.length, whole(2 ** 31))));
  if (one(true, false))
    field(
      338,
      3,
      Array.from({ length: whole(4) + 1 }, () => whole(3)),
    );
  if (one(true, false, false)) field(339, 3, [whole(7)]);
  entries.sort((a, b) => a[0] - b[0]);
  const at = 8 + data.length;
  const directory = Buffer.alloc(2 + 12 * entries.length + 4);
  const behind = [];
  let behindAt = at + directory.length;
  directory.writeUInt16LE(entries.length, 0);
  for (const [place, [tag, type, values]] of entries.entries()) {
    const numbers = Buffer.alloc(values.length * (type === 3 ? 2 : 4));
    for (const [index, value] of values.entries())
      type === 3 ? numbers.writeUInt16LE(value & 0xffff, 2 * index) : numbers.writeUInt32LE(value >>> 0, 4 * index);
    const entry = 2 + 12 * place;
    directory.writeUInt16LE(tag, entry);
    directory.writeUInt16LE(type, entry + 2);
    directory.writeUInt32LE(values.length, entry + 4);
    if (numbers.length <= 4) directory.set(numbers, entry + 8);
    else {
      directory.writeUInt32LE(behindAt, entry + 8);
      behind.push(numbers);
      behindAt += numbers.length;
    }
  }
  const header = Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0]);
  header.writeUInt32LE(at, 4);
  return Buffer.concat([header, data, directory, ...behind]);
}

function webp({ one, whole, side, noise }) {
  const part = (kind, data) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(one(data.length, data.length, data.length, whole(2 ** 31)));
    return Buffer.concat([Buffer.from(kind, 'latin1'), length, data, Buffer.alloc(data.length % 2)]);
  };
  const [width, height] = [side(), side()];
  const lossy = Buffer.concat([
    Buffer.from([
      whole(255) & 0xfe,
      whole(255),
      0,
      0x9d,
      1,
      0x2a,
      width & 255,
      (width >> 8) & 255,
      height & 255,
      (height >> 8) & 255,
    ]),
    noise(whole(500)),
  ]);
  const bits = ((((height - 1) & 0x3fff) << 14) | ((width - 1) & 0x3fff)) >>> 0;
  const lossless = Buffer.concat([
    Buffer.from([0x2f, bits & 255, (bits >>> 8) & 255, (bits >>> 16) & 255, bits >>> 24]),
    noise(whole(500)),
  ]);
  const canvas = Buffer.from([
    whole(255),
    0,
    0,
    0,
    ...[width - 1, height - 1].flatMap((value) => [value & 255, (value >> 8) & 255, (value >> 16) & 255]),
  ]);
  const parts = one(
    [part('VP8 ', lossy)],
    [part('VP8L', lossless)],
    [part('VP8X', canvas), part('VP8L', lossless)],
    [part('VP8X', canvas), part('ANIM', Buffer.alloc(6)), part('ANMF', noise(whole(200)))],
  );
  const body = Buffer.concat([Buffer.from('WEBP'), ...parts]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from('RIFF'), length, body]);
}

function gif({ one, whole, side, noise }) {
  const short = (value) => [value & 255, (value >> 8) & 255];
  const [width, height] = [side(), side()];
  const flags = whole(255);
  const colours = flags & 0x80 ? noise(3 * 2 ** ((flags & 7) + 1)) : Buffer.alloc(0);
  const frame = () =>
    Buffer.concat([
      Buffer.from([
        0x2c,
        ...short(one(0, whole(70_000))),
        ...short(one(0, whole(70_000))),
        ...short(one(width, side())),
        ...short(one(height, side())),
        one(0, 0x40, whole(255)),
      ]),
      Buffer.from([one(2, 8, whole(255))]),
      ...Array.from({ length: whole(20) }, () => Buffer.concat([Buffer.from([200]), noise(200)])),
      Buffer.from([0]),
    ]);
  return Buffer.concat([
    Buffer.from('GIF89a'),
    Buffer.from([...short(width), ...short(height), flags, 0, 0]),
    colours,
    ...Array.from({ length: one(1, 1, 2, 50) }, frame),
    Buffer.from([0x3b]),
  ]);
}

function svg({ one, whole, side }) {
  const size = () => one(`${side()}`, `${side()}mm`, `${whole(300)}%`, '1e9', '-5', `0.${whole(999)}`);
  const shapes = [
    () => `<rect width="${side()}" height="${side()}" fill="#${whole(0xffffff).toString(16).padStart(6, '0')}"/>`,
    () => `<path d="M0 0 L${side()} ${side()}" stroke="red" stroke-dasharray="0.0${whole(99)}"/>`,
    () =>
      `<filter id="f"><feGaussianBlur stdDeviation="${side()}"/></filter><rect filter="url(#f)" width="${side()}" height="${side()}"/>`,
    () =>
      `<filter id="g"><feTurbulence baseFrequency="0.01" numOctaves="${whole(100)}"/></filter><rect filter="url(#g)" width="${side()}" height="${side()}"/>`,
    () =>
      `<filter id="m"><feMorphology operator="dilate" radius="${side()}"/></filter><rect filter="url(#m)" width="${side()}" height="${side()}"/>`,
    () =>
      `<pattern id="p" width="0.${whole(99)}" height="1" patternUnits="userSpaceOnUse"><rect width="1" height="1"/></pattern><rect fill="url(#p)" width="${side()}" height="${side()}"/>`,
    () =>
      `<g id="a">${'<use href="#b"/>'.repeat(whole(10))}</g><g id="b">${'<use href="#c"/>'.repeat(10)}</g><g id="c">${'<rect width="9" height="9"/>'.repeat(whole(200))}</g><use href="#a"/>`,
    () => `<text font-size="${side()}">${'m'.repeat(whole(300))}</text>`,
  ];
  const body = Array.from({ length: whole(12) }, () => one(...shapes)()).join('');
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" ${one(`width="${size()}" height="${size()}"`, `viewBox="0 0 ${side()} ${side()}"`, '')}>${body}${one('</svg>', '</svg>', '')}`,
  );
}

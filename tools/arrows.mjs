// Writes the column "may import" of ARCHITECTURE.md's table of rooms anew from what the files of src import:
// after a merge or a move, `node tools/arrows.mjs` instead of editing cells; read the change as you would read code.
// test/architecture.test.ts checks the result: no arrow to a wing above, no circle, no arrow that nobody needs.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = path.join(root, 'src');
const page = path.join(root, 'ARCHITECTURE.md');

const roomOf = (name) => path.posix.dirname(name).split('/').slice(0, 2).join('/');

/** Room -> the rooms that its files import, types included; tests do not count. */
function roomImports() {
  const rooms = new Map();
  for (const entry of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    const name = entry.split(path.sep).join('/');
    if (!/\.tsx?$/.test(name) || /\.(test|contract|cases)\.ts$/.test(name) || !name.includes('/')) continue;
    const text = readFileSync(path.join(source, name), 'utf8');
    const specifiers = [
      ...text.matchAll(/^(?:import|export)\s+(?:type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)';/gm),
      ...text.matchAll(/\bimport\(\s*'([^']+)'\s*\)/g),
    ].map(([, specifier]) => specifier);
    const room = roomOf(name);
    const targets = rooms.get(room) ?? new Set();
    rooms.set(room, targets);
    for (const specifier of specifiers.filter((each) => each.startsWith('.'))) {
      const target = roomOf(path.posix.normalize(path.posix.join(path.posix.dirname(name), specifier)));
      if (target !== room && target !== '.') targets.add(target);
    }
  }
  return rooms;
}

/** `graph/{builder tensor}` for several rooms of one wing, in the alphabet; `.` is the wing's own files. */
function cell(targets, order) {
  const wings = new Map();
  for (const target of order.filter((room) => targets.has(room))) {
    const [wing, room = '.'] = target.split('/');
    wings.set(wing, [...(wings.get(wing) ?? []), room]);
  }
  return [...wings]
    .map(([wing, rooms]) => {
      if (rooms.length > 1) return `${wing}/{${rooms.toSorted().join(' ')}}`;
      return rooms[0] === '.' ? wing : `${wing}/${rooms[0]}`;
    })
    .join(', ');
}

const rooms = roomImports();
const lines = readFileSync(page, 'utf8').split('\n');
const cellsOf = (line) => line.split('|').map((each) => each.trim());
const isRow = (line) => cellsOf(line).length === 7 && ['yes', 'no'].includes(cellsOf(line)[4]);
const order = lines.filter(isRow).map((line) => cellsOf(line)[1]);
for (const room of rooms.keys()) if (!order.includes(room)) throw new Error(`ARCHITECTURE.md has no row for ${room}`);

const seen = new Set();
const written = lines.flatMap((line) => {
  if (!isRow(line)) return [line];
  const cells = cellsOf(line);
  if (!rooms.has(cells[1]) || seen.has(cells[1])) return [];
  seen.add(cells[1]);
  cells[3] = cell(rooms.get(cells[1]), order);
  return [cells.join(' | ').trim()];
});
writeFileSync(page, written.join('\n'));
execFileSync('npx', ['biome', 'check', '--write', page], { cwd: root, stdio: 'inherit' });

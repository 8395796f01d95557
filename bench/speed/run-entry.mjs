import path from 'node:path';
import { bestSettings } from './best-setting.mjs';
import { measureFigure } from './figures.mjs';
import { interleave } from './interleave.mjs';
import { describeMachine, describeVersions } from './machine.mjs';
import { measureProcess } from './measure-process.mjs';
import { lookAtPython, whyMissing } from './python-peer.mjs';
import { OtherWork, sameWorkCheck } from './same-work.mjs';

/**
 * Measures one entry by the protocol; see docs/performance.md.
 *
 * @param {import('./entry.mjs').Entry} entry
 * @param {{ root: string, python: string, repeats: number, threads: number, work: string, size: number | undefined,
 *   say: (line: string) => void }} options
 * @returns what goes into the entry's JSON file
 */
export async function runEntry(entry, { root, python, repeats, threads, work, size, say }) {
  const machine = describeMachine();
  const { sides, close = entry.close } = await entry.plan({ work, threads, size });
  const modules = [...new Set(sides.flatMap(({ needs = [] }) => needs))].sort();
  const found = modules.length === 0 ? undefined : await lookAtPython(python, modules);
  /** @type {Record<string, string>} */
  const missing = {};
  for (const { name, program, needs = [] } of sides) {
    const reason = program === 'python' && found !== undefined ? whyMissing(found, needs) : undefined;
    if (reason === undefined) continue;
    missing[name] = reason;
    say(`  ${name} is left out: ${reason}`);
  }
  const present = sides.filter(({ name }) => missing[name] === undefined);
  const measureAlone = (side) => measureSide(side, { root, python, threads });
  const { kept, trials, beaten, failed: lost } = await bestSettings(present, entry.figures, measureAlone, say);
  Object.assign(missing, lost);
  const check = sameWorkCheck({ ...entry, close });
  const measure = async (side) => {
    const measured = await measureAlone(side);
    const run = side.images === undefined ? measured : { ...measured, images: side.images };
    check(side.name, run);
    return run;
  };
  const mayFail = ({ program }, error) => program === 'python' && !(error instanceof OtherWork);
  const { runs, failed } = await interleave(kept, repeats, measure, { mayFail, say });
  const figures = entry.figures.map((figure) => measureFigure(figure, runs, { ...missing, ...failed }));
  return {
    entry: entry.name,
    about: entry.about,
    ...(size === undefined && repeats >= 5 ? {} : { trial: trialOf(entry, repeats, size) }),
    repeats,
    threads,
    machine,
    versions: {
      ...describeVersions(root),
      ...(found === undefined || typeof found.missing === 'string'
        ? {}
        : { python: found.version, modules: found.modules }),
    },
    figures,
    missing: { ...missing, ...failed },
    ...(Object.keys(trials).length === 0 ? {} : { trials, beaten }),
    runs,
  };
}

function trialOf({ size: counted }, repeats, size) {
  const parts = [`${repeats} ${repeats === 1 ? 'round' : 'rounds'}`];
  if (size !== undefined) parts.push(`${size.toLocaleString('en')} ${counted?.unit}`);
  return parts.join(', ');
}

/**
 * One measurement of one side.
 *
 * @param {import('./entry.mjs').Side} side
 * @param {{ root: string, python: string, threads: number }} where
 */
export function measureSide({ program, args: [script, ...args], wall = false }, { root, python, threads }) {
  const file = program === 'node' ? process.execPath : python;
  return measureProcess({ file, args: [path.join(root, script), ...args], cwd: root, threads, wall });
}

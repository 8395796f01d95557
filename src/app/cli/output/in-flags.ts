import type { Setting } from '../../../training/configuration/settings/define-setting.ts';
import { trainingSettings } from '../../../training/configuration/settings/training-settings.ts';
import { shellQuoted } from './shell-quoted.ts';

/** Options of the library and choices without a setting's own name whose flag is not their name in small letters with hyphens. */
const flagNames: ReadonlyMap<string, string> = new Map([
  ['choices.trunk.file', 'backbone'],
  ['choices.trunk.normalization', 'normalize'],
  ['choices.trunk', 'backbone'],
  ['options.memoryBytes', 'memory'],
  ['options.cacheBytes', 'cache'],
  ['options.diskCacheBytes', 'disk-cache'],
  ['options.keptPixels', 'keep-pixels'],
  ['options.material', 'images'],
]);

const settingNames: ReadonlyMap<string, string> = new Map(
  Object.entries<Setting>(trainingSettings).flatMap(([name, { option }]) =>
    option?.name === undefined ? [] : [[name, option.name]],
  ),
);

/** `choices.rows`, or `choices.rows: 7`: a path, and perhaps a value as JavaScript writes it. */
const choice =
  /(?<!['/\w.])((?:choices|options)\.[a-z]\w*(?:\.\w+)?)(?:: (true\b|false\b|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.]*\d)|'[^']*'))?/gi;

/**
 * A text of the library in the words of the command line: `choices.embeddingDimension: 31` is `--dimension 31` there,
 * `choices.nesterov: false` is `--no-nesterov`, `choices.lossSettings.alpha: 2` is `--loss-settings alpha=2`.
 */
export function inFlags(text: string): string {
  return text.replace(choice, (_, path: string, value: string | undefined) => {
    const [, setting] = /^choices\.lossSettings\.(\w+)$/.exec(path) ?? [];
    if (setting !== undefined) return `--loss-settings ${setting}=${value ?? '…'}`;
    const flag = flagOf(path);
    if (value === undefined || value === 'true') return `--${flag}`;
    if (value === 'false') return `--no-${flag}`;
    return `--${flag} ${value.startsWith("'") ? shellQuoted(value.slice(1, -1)) : value}`;
  });
}

function flagOf(path: string): string {
  return flagNames.get(path) ?? settingFlag(path.slice(path.lastIndexOf('.') + 1));
}

/** The flag of a setting without its hyphens, or of another name, which is it in small letters with hyphens. */
export function settingFlag(name: string): string {
  return settingNames.get(name) ?? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

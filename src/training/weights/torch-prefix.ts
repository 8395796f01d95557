import { ModelError } from '../../foundation/errors/model-error.ts';
/**
 * What stands before all names of a network's tensors in a state dictionary: `module.` of a network that was trained on several
 * machines, `model.`, `backbone.`, `encoder.` of one that was a part of another. Empty where the names stand as they are.
 *
 * @param names of the tensors in the file.
 * @param required names of each tensor that the network cannot do without, the first one there being meant.
 * @returns where no prefix has all of them, the one that has most, so that it can be told what is missing; undefined if none has
 * half of them.
 * @throws if several prefixes have them all: there are several networks of this kind in the file.
 */
export function torchPrefix(names: ReadonlySet<string>, required: readonly (readonly string[])[]): string | undefined {
  const found = (prefix: string) => required.filter((from) => from.some((name) => names.has(prefix + name))).length;
  const ends = required.flat();
  const prefixes = new Set(['']);
  for (const name of names) {
    for (const end of ends) if (name.endsWith(`.${end}`)) prefixes.add(name.slice(0, -end.length));
  }
  const counted = [...prefixes].map((prefix) => ({ prefix, count: found(prefix) }));
  const whole = counted.filter(({ count }) => count === required.length);
  if (whole.length > 1 && whole[0].prefix !== '') {
    throw new ModelError(
      `it holds several such networks, behind ${whole.map(({ prefix }) => `'${prefix}'`).join(' and ')}: save one of them alone`,
    );
  }
  const best = counted.reduce((most, each) => (each.count > most.count ? each : most));
  return 2 * best.count >= required.length ? best.prefix : undefined;
}

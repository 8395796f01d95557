import type { EmojiIcons, EmojiSetName } from './emoji-sets.ts';

/** A concept with fewer designers than this is left out. */
export const fewestPictures = 4;

/** One thing, drawn by several designers. */
export interface EmojiConcept {
  readonly name: string;
  /** The icon of each set that draws it. */
  readonly icons: readonly { readonly set: EmojiSetName; readonly icon: string }[];
}

/**
 * The concepts that at least four sets draw, in order of their names.
 *
 * Icons of the same name are the same concept. An alias counts under its own name, as the icon that it leads to, unless it
 * turns or mirrors it, or the set has an icon of that name. Skin tones are left out. An icon belongs to one concept: the
 * names that most sets have choose first, and among those the first by name.
 */
export function chooseEmojiConcepts(
  sets: readonly { readonly name: EmojiSetName; readonly icons: EmojiIcons }[],
): EmojiConcept[] {
  const iconsByConcept = new Map<string, Map<EmojiSetName, string>>();
  for (const set of sets) addNames(set.name, set.icons, iconsByConcept);
  const widestFirst = [...iconsByConcept].sort((a, b) => b[1].size - a[1].size || (a[0] < b[0] ? -1 : 1));
  const used = new Set<string>();
  const concepts: EmojiConcept[] = [];
  for (const [name, iconOfSet] of widestFirst) {
    const free = [...iconOfSet]
      .map(([set, icon]) => ({ set, icon }))
      .filter(({ set, icon }) => !used.has(`${set}/${icon}`));
    if (free.length < fewestPictures) continue;
    for (const { set, icon } of free) used.add(`${set}/${icon}`);
    concepts.push({ name, icons: free });
  }
  return concepts.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function addNames(
  set: EmojiSetName,
  { icons, aliases = {} }: EmojiIcons,
  concepts: Map<string, Map<EmojiSetName, string>>,
) {
  const put = (name: string, icon: string) => {
    if (isSkinTone(name) || isSkinTone(icon)) return;
    const iconOfSet = concepts.get(name) ?? new Map<EmojiSetName, string>();
    concepts.set(name, iconOfSet.set(set, icon));
  };
  for (const name of Object.keys(icons)) put(name, name);
  for (const [name, alias] of Object.entries(aliases)) {
    if (alias.rotate || alias.hFlip || alias.vFlip) continue;
    let icon = alias.parent;
    for (let hop = 0; icons[icon] === undefined && aliases[icon] !== undefined && hop < 8; hop++) {
      icon = aliases[icon].parent;
    }
    if (icons[icon] !== undefined && !concepts.get(name)?.has(set)) put(name, icon);
  }
}

function isSkinTone(name: string): boolean {
  return /skin-tone/.test(name) || /(^|-)tone-?[1-6]($|-)/.test(name);
}

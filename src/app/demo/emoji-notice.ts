import type { EmojiPackage } from './emoji-sets.ts';

/** Who drew the emoji and under which licences: it has to go with every picture, page and model made from them. */
export function emojiNotice(packages: readonly EmojiPackage[]): string {
  const lines = packages.map(({ name, version, info }) => {
    const { author, license } = info;
    const source = author.url === undefined ? '' : ` (${author.url})`;
    const terms = license.url === undefined ? '' : ` (${license.url})`;
    return `- ${info.name} by ${author.name}${source}, licence ${license.title}${terms}; from @iconify-json/${name} ${version}`;
  });
  return [
    'The emoji pictures in this folder are rendered, at a fixed size on white, from these sets:',
    '',
    ...lines,
    '',
    'Pictures and whatever is made from them keep to the licences named above.',
    '',
  ].join('\n');
}

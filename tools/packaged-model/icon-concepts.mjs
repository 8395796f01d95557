// Icons of one name, whatever their style is called, are one concept, drawn by as many designers as have it.

const styles = new Set(
  (
    'outline outlined line linear light thin bold filled fill solid regular duotone twotone two tone round rounded sharp ' +
    'baseline broken stroke o 12 16 20 24 28 32 48 64 color colour glyph 01 02 03 1 2 alt variant plain original wordmark ' +
    'dark sm lg small big icon icons flat simple'
  ).split(' '),
);
const prefixes = /^(file-type-|folder-type-|i-|iconamoon-|mui-)/;

/** The concept that an icon's name means, without words for its style: `folder-open-24-regular` is `folder-open`. */
export function conceptOf(name) {
  const words = name.toLowerCase().replace(prefixes, '').split(/[-_]/);
  const kept = words.filter((word, place) => place === 0 || !styles.has(word));
  const rest = kept.length > 1 && styles.has(kept[0]) ? kept.slice(1) : kept;
  return rest.join('-');
}

/**
 * Concepts with at least `fewest` designers, those with the most designers first: at most `most`.
 *
 * @returns of each its name and, designer by designer, the icons that draw it: `{ set, icon }`.
 */
export function chooseConcepts(sets, { fewest, most, without }) {
  const concepts = new Map();
  for (const set of sets) {
    for (const [icon, { hidden }] of Object.entries(set.icons)) {
      const concept = conceptOf(icon);
      if (hidden || concept.length < 2 || without.has(concept)) continue;
      const designers = concepts.get(concept) ?? new Map();
      concepts.set(concept, designers);
      designers.set(set.designer, [...(designers.get(set.designer) ?? []), { set, icon }]);
    }
  }
  return [...concepts]
    .map(([name, designers]) => ({ name, drawings: [...designers.values()] }))
    .filter(({ drawings }) => drawings.length >= fewest)
    .sort((a, b) => b.drawings.length - a.drawings.length || (a.name < b.name ? -1 : 1))
    .slice(0, most);
}

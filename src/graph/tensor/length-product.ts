import type { Dimension } from './shape.ts';

/**
 * A length as a whole number times names: `2*N` is 2 times [N]. Merging axes makes such lengths (the heads of an attention go
 * into the batch), and dividing them gives the name back.
 */
export interface LengthProduct {
  readonly factor: number;
  /** Sorted; a name stands as often as it is multiplied. */
  readonly names: readonly string[];
}

/** The factors of a length. A name that is a formula of another kind, such as `a + b` or `floor(a/2)`, is one factor. */
export function productOf(length: Dimension): LengthProduct {
  if (typeof length === 'number') return { factor: length, names: [] };
  if (!isProduct(length)) return { factor: 1, names: [length] };
  const parts = length.split('*').map((part) => part.trim());
  const isNumber = (part: string) => /^\d+$/.test(part);
  return {
    factor: parts.filter(isNumber).reduce((product, part) => product * Number(part), 1),
    names: parts.filter((part) => !isNumber(part)).sort(),
  };
}

/** The length in its one spelling: a number, a name, or factors joined by `*`, the number first: `6*N`. */
export function lengthOfProduct({ factor, names }: LengthProduct): Dimension {
  if (factor === 0 || names.length === 0) return factor;
  return [...(factor === 1 ? [] : [String(factor)]), ...names].join('*');
}

/** The length as a file spells it in our spelling, so that equal lengths have equal names: `N*6` is `6*N`. */
export function canonicalLength(length: Dimension): Dimension {
  return lengthOfProduct(productOf(length));
}

/** Product of lengths; 1 of none. */
export function timesLengths(lengths: readonly Dimension[]): LengthProduct {
  const products = lengths.map(productOf);
  return {
    factor: products.reduce((product, { factor }) => product * factor, 1),
    names: products.flatMap(({ names }) => names).sort(),
  };
}

/** How often `divisor` goes into `whole`, whatever the names stand for; undefined where that is not known or not a whole number. */
export function quotientOf(whole: LengthProduct, divisor: LengthProduct): LengthProduct | undefined {
  const names = [...whole.names];
  for (const name of divisor.names) {
    const place = names.indexOf(name);
    if (place < 0) return undefined;
    names.splice(place, 1);
  }
  if (divisor.factor === 0 || whole.factor % divisor.factor !== 0) return undefined;
  return { factor: whole.factor / divisor.factor, names };
}

/** True for `2*N`, `N*M`: plain names and numbers with nothing but `*` between them. */
function isProduct(name: string): boolean {
  return (
    name.includes('*') && name.split('*').every((part) => /^\s*(\d+|[^\s\d()+\-*/%,][^\s()+\-*/%,]*)\s*$/.test(part))
  );
}

const fixedNames: Readonly<Record<string, string>> = {
  rPrecision: 'R-precision',
  mapAtR: 'MAP@R',
  similarityPrecision: 'similarity precision',
  inClassPrecision: 'in-class precision',
  outOfClassPrecision: 'out-of-class precision',
  scoreAtTopK: 'score-at-top-K',
};

/** What people call a measure of an evaluation report: `recallAt5` is Recall@5. A key that is not known stays. */
export function measureName(key: string): string {
  const [, kind, k] = /^(recall|precision)At(\d+)$/.exec(key) ?? [];
  if (kind !== undefined) return `${kind === 'recall' ? 'Recall' : 'precision'}@${k}`;
  return fixedNames[key] ?? key;
}

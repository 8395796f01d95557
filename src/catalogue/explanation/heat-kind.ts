/** What heat may be found by. */
export const heatKinds = ['covering', 'gradient'] as const;
/** The name of what heat is found by; see `ExplainedPicture`. */
export type HeatKind = (typeof heatKinds)[number];

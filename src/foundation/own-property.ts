/** What the keys of metadata properties that are ours begin with in a model file. */
export const ownPropertyPrefix = 'lookalike.';

/** The operator set that we write. */
export const emittedOpset = 18;
/** The operator set we write where an operator of a later set is used (AffineGrid). */
export const emittedOpsetWithAffineGrid = 20;
/** The file-format version that we write. */
export const emittedIrVersion = 9;
/** The operator sets that an import accepts. */
export const importedOpsets = { oldest: 7, newest: 28 } as const;

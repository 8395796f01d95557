/** What progress calls choosing a start by folds; the features of all pictures are kept by then. */
export const choosingWork = 'choosing a start';

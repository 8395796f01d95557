/** The folder with the files of the page for labelling, in the package. */
export const labelPageFolder = new URL('../../assets/label/', import.meta.url);

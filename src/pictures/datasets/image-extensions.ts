/** Extensions of the formats that are decoded, in lower case. */
const decoded = [
  // JPEG: browsers on Windows save `jfif`; `mpo` and `jps` are stereo pairs, of which the first is read.
  ...['jpg', 'jpeg', 'jpe', 'jfif', 'jif', 'jfi', 'pjpeg', 'pjp', 'mpo', 'jps'],
  ...['png', 'apng', 'pns'],
  ...['webp', 'gif', 'tif', 'tiff', 'btf', 'tf8', 'avif', 'avifs', 'svg', 'svgz'],
];

/** Extensions of pictures in formats that are not decoded. */
const notDecoded = [
  ...['bmp', 'dib', 'ico', 'cur', 'icns', 'tga', 'pcx', 'dds', 'qoi', 'flif', 'bpg'],
  ...['heic', 'heif', 'hif', 'heics', 'heifs'],
  ...['jp2', 'j2k', 'j2c', 'jpc', 'jpf', 'jpx', 'jpm', 'jph', 'jxl', 'jxr', 'wdp', 'hdp', 'jls', 'jng', 'mng'],
  ...['psd', 'psb', 'xcf', 'kra', 'exr', 'hdr', 'pbm', 'pgm', 'ppm', 'pnm', 'pam', 'pfm', 'xbm', 'xpm', 'wbmp'],
];

/** Extensions of cameras' raw files, and whose they are. */
const raw: Readonly<Record<string, string>> = {
  '3fr': 'Hasselblad',
  arw: 'Sony',
  cr2: 'Canon',
  cr3: 'Canon',
  crw: 'Canon',
  dcr: 'Kodak',
  dng: 'Adobe DNG',
  erf: 'Epson',
  fff: 'Hasselblad',
  iiq: 'Phase One',
  k25: 'Kodak',
  kdc: 'Kodak',
  mef: 'Mamiya',
  mrw: 'Minolta',
  nef: 'Nikon',
  nrw: 'Nikon',
  orf: 'Olympus',
  pef: 'Pentax',
  raf: 'Fujifilm',
  rw2: 'Panasonic',
  rwl: 'Leica',
  sr2: 'Sony',
  srf: 'Sony',
  srw: 'Samsung',
  x3f: 'Sigma',
};

/**
 * File name extensions, in lower case, that make a file an image for the folder layouts. Those of formats that cannot be
 * decoded (`bmp`, `heic`, `jp2`, `psd`, cameras' raw files …) are among them, so that such a file is reported as unreadable
 * rather than passed over.
 */
export const imageExtensions: readonly string[] = [...decoded, ...notDecoded, ...Object.keys(raw)];

const known: ReadonlySet<string> = new Set(imageExtensions);

/** The extensions that a message names: one a format that is decoded. */
export const commonExtensions = 'jpg, png, webp, gif, tif, avif, svg';

/** True for a file name with an image's extension, in any case; false for hidden files (a leading dot). */
export function hasImageExtension(fileName: string): boolean {
  const ending = extensionOf(fileName);
  return ending !== undefined && known.has(ending);
}

/** The camera's maker where a file name has the extension of a raw file, in any case. */
export function cameraOfRawFile(fileName: string): string | undefined {
  const ending = extensionOf(fileName);
  return ending !== undefined && Object.hasOwn(raw, ending) ? raw[ending] : undefined;
}

/** In lower case; undefined for a name without one, and for a hidden file. */
function extensionOf(fileName: string): string | undefined {
  const dot = fileName.lastIndexOf('.');
  return dot > 0 && !fileName.startsWith('.') ? fileName.slice(dot + 1).toLowerCase() : undefined;
}

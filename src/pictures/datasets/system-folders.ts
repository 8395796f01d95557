/** Folders that systems and programs make beside people's pictures, by their names in lower case, and what they hold. */
const contents: Readonly<Record<string, string>> = {
  '@eadir': 'thumbnails that a Synology makes',
  '@tmp': 'temporary files of a Synology',
  '#recycle': 'the recycle bin of a Synology',
  '#snapshot': 'snapshots of a Synology',
  '@recycle': 'the recycle bin of a QNAP',
  '@recently-snapshot': 'snapshots of a QNAP',
  '$recycle.bin': "Windows' recycle bin",
  'system volume information': "Windows' own notes on the disk",
  __macosx: 'what macOS adds to archives',
  node_modules: 'packages of a program',
};

/** What a folder of this name holds where it is one of a system's, or undefined: `@eaDir` gives `thumbnails that …`. */
export function systemFolderContent(name: string): string | undefined {
  const key = name.toLowerCase();
  return Object.hasOwn(contents, key) ? contents[key] : undefined;
}

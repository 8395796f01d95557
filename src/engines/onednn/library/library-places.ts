import path from 'node:path';

/** What decides where libraries lie: of the process, or a test's own. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** The environment variable that names the library's file; `off` looks for none. */
export const libraryVariable = 'LOOKALIKE_ONEDNN';

/** Names of oneDNN's file with the C interface of version 3. Debian puts the minor version into the name, too. */
const fileNames: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['libdnnl.3.dylib', 'libdnnl.dylib'],
  linux: ['libdnnl.so.3', 'libdnnl.so.3.6', 'libdnnl.so'],
  win32: ['dnnl.dll'],
};

/** Folders of the system's own packages: Debian and Ubuntu, Fedora and Arch, what was built here, Homebrew. */
const systemFolders: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['/opt/homebrew/lib', '/opt/homebrew/opt/onednn/lib', '/usr/local/lib', '/usr/local/opt/onednn/lib'],
  linux: [
    '/usr/local/lib',
    '/usr/local/lib64',
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib64',
    '/usr/lib',
    '/home/linuxbrew/.linuxbrew/lib',
  ],
  win32: [],
};

/**
 * Files that may be oneDNN's library, in the order in which they are tried: the one that `LOOKALIKE_ONEDNN` names and no other,
 * or else where an active Python or conda environment, `pip install --user` and the system's packages put it.
 */
export function libraryPlaces({ platform, environment, home }: Surroundings): readonly string[] {
  const named = environment[libraryVariable];
  if (named === 'off') return [];
  if (named !== undefined && named !== '') return [named];
  const { VIRTUAL_ENV: virtual, CONDA_PREFIX: conda } = environment;
  const folders = [
    ...(virtual ? [libraryFolder(virtual, platform)] : []),
    ...(conda ? [libraryFolder(conda, platform)] : []),
    path.join(home, '.local', 'lib'),
    ...(systemFolders[platform] ?? []),
  ];
  return folders.flatMap((folder) => (fileNames[platform] ?? []).map((name) => path.join(folder, name)));
}

/** Where an environment keeps its libraries. */
function libraryFolder(prefix: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? path.join(prefix, 'Library', 'bin') : path.join(prefix, 'lib');
}

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

// Which icon sets are drawn, and who designed them. Sets of one designer count once a concept, for they copy from themselves.

/** SPDX names of licences that allow a model to be learnt and given away, with credit at most. */
export const allowedLicences = ['Apache-2.0', 'CC-BY-4.0', 'CC0-1.0', 'ISC', 'MIT', 'Unlicense'];

const setsByDesigner = {
  akar: ['akar-icons'],
  'ant-design': ['ant-design'],
  basil: ['basil'],
  bootstrap: ['bi'],
  boxicons: ['bx', 'bxs'],
  bytesize: ['bytesize'],
  carbon: ['carbon'],
  catppuccin: ['catppuccin'],
  charm: ['charm'],
  clarity: ['clarity'],
  codicon: ['codicon'],
  coolicons: ['ci'],
  coreui: ['cil'],
  devicon: ['devicon'],
  duo: ['duo-icons'],
  element: ['ep'],
  eos: ['eos-icons'],
  eva: ['eva'],
  evil: ['ei'],
  feather: ['feather', 'lucide'],
  flowbite: ['flowbite'],
  'font-awesome': ['fa6-solid', 'fa6-regular', 'la'],
  fontisto: ['fontisto'],
  formkit: ['formkit'],
  framework7: ['f7'],
  garden: ['garden'],
  'gravity-ui': ['gravity-ui'],
  grommet: ['grommet-icons'],
  guidance: ['guidance'],
  healthicons: ['healthicons'],
  heroicons: ['heroicons'],
  hugeicons: ['hugeicons'],
  humbleicons: ['humbleicons'],
  'icon-park': ['icon-park', 'icon-park-solid', 'icon-park-twotone'],
  iconamoon: ['iconamoon'],
  iconoir: ['iconoir'],
  icons8: ['flat-color-icons', 'icons8', 'wpf'],
  ionicons: ['ion', 'famicons'],
  jam: ['jam'],
  'lets-icons': ['lets-icons'],
  lineicons: ['lineicons'],
  logos: ['logos'],
  mage: ['mage'],
  majesticons: ['majesticons', 'pixelarticons'],
  maki: ['maki'],
  'material-icon-theme': ['material-icon-theme'],
  material: ['ic', 'material-symbols'],
  meteocons: ['meteocons'],
  microsoft: ['fluent', 'fluent-color', 'fluent-mdl2'],
  mingcute: ['mingcute'],
  mynaui: ['mynaui'],
  octicon: ['octicon'],
  'open-iconic': ['oi'],
  ooui: ['ooui'],
  pajamas: ['pajamas'],
  pepicons: ['pepicons-pencil', 'pepicons-pop', 'pepicons-print'],
  phosphor: ['ph'],
  pictogrammers: ['mdi', 'line-md'],
  prime: ['prime'],
  proicons: ['proicons'],
  qlementine: ['qlementine-icons'],
  quill: ['quill'],
  radix: ['radix-icons'],
  remix: ['ri'],
  sargam: ['si'],
  siemens: ['ix'],
  'simple-line': ['simple-line-icons'],
  'skill-icons': ['skill-icons'],
  solar: ['solar'],
  stash: ['stash'],
  streamline: ['streamline-freehand-color', 'streamline-plump', 'streamline-ultimate-color'],
  'system-uicons': ['system-uicons'],
  tabler: ['tabler'],
  tdesign: ['tdesign'],
  teenyicons: ['teenyicons'],
  unicons: ['uil', 'uim', 'uis'],
  vaadin: ['vaadin'],
  'vscode-icons': ['vscode-icons'],
  weui: ['weui'],
  zondicons: ['zondicons'],
};

/** Emoji of the demo's designers, but for OpenMoji, whose licence asks for the same licence; and two designers' outlines. */
const emojiSets = {
  noto: ['noto'],
  twemoji: ['twemoji'],
  'fluent-emoji-flat': ['fluent-emoji-flat'],
  'fluent-emoji-high-contrast': ['fluent-emoji-high-contrast'],
  emojione: ['emojione'],
  'emojione-monotone': ['emojione-monotone'],
  'noto-v1': ['noto-v1'],
  fxemoji: ['fxemoji'],
};

/** The sets of icons, read: see `readSets`. */
export const readIconSets = () => readSets(setsByDesigner);
/** The sets of emoji, read: see `readSets`. */
export const readEmojiSets = () => readSets(emojiSets);

/**
 * Reads the packages `@iconify-json/<set>`: name, designer, version, licence, author, icons and aliases of each.
 *
 * @throws if a package is not installed, or its licence is not one of `allowedLicences`.
 */
function readSets(table) {
  const require = createRequire(import.meta.url);
  return Object.entries(table).flatMap(([designer, names]) =>
    names.map((name) => {
      const folder = path.dirname(require.resolve(`@iconify-json/${name}/package.json`));
      const read = (file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
      const { license, author, palette } = read('info.json');
      if (!allowedLicences.includes(license.spdx)) {
        throw new Error(`'${name}' is under ${license.spdx}; leave it out of sources.mjs, or allow this licence there`);
      }
      const { version } = read('package.json');
      const { icons, aliases = {}, ...canvas } = read('icons.json');
      return {
        name,
        designer,
        version,
        licence: license.spdx,
        author: author.name,
        coloured: palette,
        icons,
        aliases,
        canvas,
      };
    }),
  );
}

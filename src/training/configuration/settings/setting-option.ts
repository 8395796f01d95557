/** The headings that a command's help has for settings of a run. */
export const optionGroups = ['Everyday', 'Network', 'Loss and sampling', 'Optimiser', 'Machine'] as const;
/** Such a heading. */
export type OptionGroup = (typeof optionGroups)[number];

/** How a setting is given on the command line, and what help says of it. */
export interface SettingOption {
  readonly group: OptionGroup;
  /** Its name there, without hyphens in front. Default: the setting's in small letters with hyphens. */
  readonly name?: string;
  /** What stands behind it, as help shows it: `norm`. Default: nothing, it is a flag. */
  readonly value?: string;
  /** Of a flag: the value that it chooses. Default: true. */
  readonly flag?: boolean;
  /** Other names that do the same, without hyphens in front. */
  readonly aliases?: readonly string[];
  /** What it is called elsewhere, without hyphens in front: not taken, but an error about such a name says this one. */
  readonly elsewhere?: readonly string[];
  /** What other programs call its values, and what is meant here. */
  readonly valuesElsewhere?: Readonly<Record<string, string>>;
  readonly help: string;
}

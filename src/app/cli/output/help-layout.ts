import { Help, type HelpConfiguration } from 'commander';

/** Lines of help that are longer are hard to read. */
const widest = 110;
/** Where nobody says how wide the terminal is. */
const usual = 80;
/** A column of descriptions that is narrower goes below the names instead. */
const narrowestColumn = 40;
const indent = ' '.repeat(6);

/**
 * Columns that help is wrapped to: the terminal's, else what the environment's `COLUMNS` says, else 80; at most 110.
 *
 * @param columns of standard output; undefined where it is no terminal.
 */
export function helpWidth(columns: number | undefined, environment: string | undefined): number {
  const said = /^[1-9]\d*$/.test(environment ?? '') ? Number(environment) : usual;
  return Math.min(columns !== undefined && columns > 0 ? columns : said, widest);
}

/** How help is laid out in so many columns: descriptions beside the names, or below them where there is no room. */
export function helpLayout(columns: number): HelpConfiguration {
  return {
    helpWidth: columns,
    minWidthToWrap: 20,
    subcommandTerm: (command) => command.name(),
    formatItem(term, termWidth, description, helper) {
      if (columns - termWidth - 4 >= narrowestColumn) {
        return Help.prototype.formatItem.call(helper, term, termWidth, description, helper);
      }
      const below = helper.boxWrap(description, columns - indent.length).replace(/^/gm, indent);
      return `  ${term}\n${below}`;
    },
  };
}

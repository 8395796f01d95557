import { isJsonObject, type JsonValue } from '../../../foundation/files/json-value.ts';
import { capitalized, words } from '../../../foundation/text/words.ts';
import { type Html, html } from '../../html/html.ts';

/**
 * A configuration as lists of names and values: first what stands at its top, then a list for each object within it. Names
 * are the keys in words: `learningRate` is "learning rate". Nothing is left out.
 */
export function configurationList(config: Readonly<Record<string, JsonValue>>): Html {
  const entries = Object.entries(config);
  const own = entries.filter(([, value]) => !isJsonObject(value));
  const groups = entries.flatMap(([key, value]) =>
    isJsonObject(value) ? [[words(key), Object.entries(value)] as const] : [],
  );
  return html`<div class="groups">${[['run', own] as const, ...groups].map(
    ([name, values]) => html`
<section><h3>${capitalized(name)}</h3>
<dl>${values.map(([key, value]) => html`<div><dt>${words(key)}</dt><dd>${valueText(value)}</dd></div>`)}</dl></section>`,
  )}
</div>`;
}

function valueText(value: JsonValue): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(Number.isInteger(value) ? value : Number(value.toPrecision(6)));
  if (isJsonObject(value)) {
    return Object.entries(value)
      .map(([key, item]) => `${words(key)} ${valueText(item)}`)
      .join(', ');
  }
  const items = value.map(valueText);
  return items.length === 2 && value.every((item) => typeof item === 'number') ? items.join(' to ') : items.join(', ');
}

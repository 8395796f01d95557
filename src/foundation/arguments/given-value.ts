const longest = 40;

/**
 * What a caller gave, in words for an error: `undefined`, `the number 7`, `the text 'a.png'`, `a Promise (await it)`,
 * `an array of 3`, `an object with width, height`.
 */
export function givenValue(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'undefined';
    case 'string':
      return value === '' ? 'an empty text' : `the text '${shortened(value)}'`;
    case 'number':
    case 'bigint':
      return `the number ${value}`;
    case 'boolean':
      return `${value}`;
    case 'function':
      return 'a function';
    case 'symbol':
      return 'a symbol';
    case 'object':
      return value === null ? 'null' : givenObject(value);
  }
}

function givenObject(value: object): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if ('href' in value && typeof value.href === 'string') return `the URL '${shortened(value.href)}'`;
  if (tag === 'Promise') return 'a Promise (await it)';
  if (ArrayBuffer.isView(value)) return `${article(tag)} ${tag} of ${value.byteLength} bytes`;
  const name = tag === 'Object' ? (Object.getPrototypeOf(value)?.constructor?.name ?? 'Object') : tag;
  if (name !== 'Object') return `${article(name)} ${name}`;
  const keys = Object.keys(value);
  if (keys.length === 0) return 'an empty object';
  return `an object with ${keys.slice(0, 6).map(shortened).join(', ')}${keys.length > 6 ? ', …' : ''}`;
}

function article(name: string): 'a' | 'an' {
  return /^[AEIO]/i.test(name) ? 'an' : 'a';
}

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

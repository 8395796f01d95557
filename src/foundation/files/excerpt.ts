/** A text for a message: whole up to `most` characters, else its beginning and how many more there are. Default: 60. */
export function excerpt(text: string, most = 60): string {
  if (text.length <= most) return text;
  const begin = text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '');
  return `${begin}… (and ${text.length - begin.length} characters more)`;
}

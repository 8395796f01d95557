import { describe, expect, it } from 'vitest';
import { decodeImage } from '../decode-image.ts';
import { knownSvg } from './svg-text.ts';

const drawing =
  '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"><rect width="2" height="1" fill="#c86432"/></svg>';
const declaration = '<?xml version="1.0" encoding="utf-8"?>\n';
const entities = Array.from({ length: 40 }, (_, i) => `<!ENTITY ns_${i} "http://ns.adobe.com/x/${i}/">\n`).join('');
const be = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();

describe('knownSvg', () => {
  it.each<[string, Buffer]>([
    ['behind a long comment', Buffer.from(`${declaration}<!-- ${'licence '.repeat(2000)}-->\n${drawing}`)],
    [
      'behind entities',
      Buffer.from(`${declaration}<!DOCTYPE svg PUBLIC "-//W3C" "x.dtd" [\n${entities}]>\n${drawing}`),
    ],
    ['behind blanks', Buffer.from('\n'.repeat(3000) + drawing)],
    ['behind a byte order mark', Buffer.from(`\uFEFF${drawing}`)],
    ['with a prefix', Buffer.from(drawing.replaceAll(/<(\/?)(svg|rect)/g, '<$1ns0:$2').replace('xmlns', 'xmlns:ns0'))],
    ['in UTF-16', Buffer.from(`\uFEFF${declaration.replace('utf-8', 'UTF-16')}${drawing}`, 'utf16le')],
    ['in Latin-1', Buffer.from(`${declaration.replace('utf-8', 'ISO-8859-1')}<!-- \u00e9 -->${drawing}`, 'latin1')],
    ['behind a text of 11 MB', Buffer.from(drawing.replace('<rect', `<desc id="${'x'.repeat(11e6)}"/><rect`))],
    ['in UTF-16, the other way round', be(drawing)],
  ])('a drawing %s is drawn', async (_, bytes) => {
    expect(await decodeImage(bytes)).toEqual({
      width: 2,
      height: 1,
      data: Uint8Array.of(200, 100, 50, 200, 100, 50),
    });
  });

  it.each([drawing, '<note/>', `<!-- ${'x'.repeat(2000)} --><note><svg/></note>`, `<!-- ${'<svg'.repeat(9)}`])(
    'leaves alone what needs nothing, and what is no drawing: %#',
    (text) => {
      const bytes = Buffer.from(text);
      expect(knownSvg(bytes).equals(bytes)).toBe(true);
    },
  );
});

import { Buffer } from 'node:buffer';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { externalReference } from './svg-references.ts';

const drawing = (inside: string, before = '') =>
  Buffer.from(
    `${before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">${inside}</svg>`,
  );

describe('externalReference', () => {
  it.each([
    '<circle r="5" fill="url(#shade)"/><use href="#part"/>',
    '<image xlink:href="data:image/png;base64,AAAA"/>',
    '<a href="https://example.org/author"><path d="M0 0h5"/></a>',
    '<style>rect { fill: url("#shade") }</style>',
    '<text>see https://example.org</text>',
  ])('finds none in %s', (inside) => {
    expect(externalReference(drawing(inside))).toBeUndefined();
    expect(externalReference(drawing(inside, '<?xml version="1.0" encoding="UTF-8"?>'))).toBeUndefined();
  });

  it.each([
    ['<image href="http://example.org/a.png"/>', 'http://example.org/a.png'],
    ["<image xlink:href = ' file:///etc/passwd'/>", 'file:///etc/passwd'],
    ['<use href="other.svg#part"/>', 'other.svg#part'],
    ['<image href="&place;"/>', '&place;'],
    ['<a href="#x"/><image href="/a.png"/>', '/a.png'],
    ['<style>@import "a.css";</style>', 'a.css'],
    ['<style>rect { fill: url(http://example.org/a#b) }</style>', 'http://example.org/a#b'],
    ['<style>@font-face { src: url( "font.woff" ) }</style>', 'font.woff'],
    ['<rect style="fill:url(\'a.svg#b\')"/>', 'a.svg#b'],
  ])('finds that of %s', (inside, reference) => {
    expect(externalReference(drawing(inside))).toBe(reference);
  });

  it('finds entities and style sheets in front of the drawing', () => {
    expect(externalReference(drawing('&x;', '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'))).toMatch(
      'SYSTEM',
    );
    expect(externalReference(drawing('', '<?xml-stylesheet href="a.css"?>'))).toBe('a.css');
  });

  it('takes what it cannot see into for one that refers to something', () => {
    const outside = drawing('<image href="http://example.org/a.png"/>');
    expect(externalReference(gzipSync(outside))).toBe('a compressed drawing');
    expect(externalReference(Buffer.from(outside.toString(), 'utf16le'))).toMatch('another encoding');
    expect(externalReference(drawing('', '<?xml version="1.0" encoding="UTF-7"?>'))).toBe('the encoding UTF-7');
  });
});

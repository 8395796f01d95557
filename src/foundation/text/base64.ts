/** Bytes that become characters at a time: so many arguments a call takes. */
const atATime = 8192;

/** Bytes as base64 (RFC 4648, section 4), in Node and in a page alike. */
export function toBase64(bytes: Uint8Array): string {
  let characters = '';
  for (let from = 0; from < bytes.length; from += atATime) {
    characters += String.fromCharCode(...bytes.subarray(from, from + atATime));
  }
  return btoa(characters);
}

/** The bytes of base64. @throws DOMException if it is none. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** How many bytes a base64 has, which is not looked at otherwise. */
export function base64Bytes(text: string): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return Math.floor((3 * (text.length - padding)) / 4);
}

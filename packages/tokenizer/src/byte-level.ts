/** Bytes that stand for themselves as Latin-1 characters; the others follow from U+0100 on. */
const isPrintable = (byte: number) => (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);

const letters = (() => {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
})();

const encoder = new TextEncoder();

/** A text's UTF-8 bytes, each written as a letter that can be seen: the alphabet of byte-level vocabularies. */
export function byteText(text: string): string {
  let written = '';
  for (const byte of encoder.encode(text)) written += letters[byte]!;
  return written;
}

const utf8 = new TextEncoder();

/** Ids of a text's UTF-8 bytes ("<0x0A>"), where the vocabulary has all of them. */
export function byteIds(vocab: ReadonlyMap<string, number>): (text: string) => number[] | undefined {
  const ids = Array.from({ length: 256 }, (_, byte) =>
    vocab.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
  );
  return (text) => {
    const found: number[] = [];
    for (const byte of utf8.encode(text)) {
      const id = ids[byte];
      if (id === undefined) return undefined;
      found.push(id);
    }
    return found;
  };
}

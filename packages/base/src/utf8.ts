/** The most characters that a string of the engine has. */
const maxCharacters = 2 ** 29 - 24;

/**
 * Bytes as a text.
 *
 * @throws Error saying that they are no UTF-8, or more than a text can hold
 */
export function utf8Text(bytes: Uint8Array, options: { readonly ignoreBOM?: boolean } = {}): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ...options }).decode(bytes);
  } catch (error) {
    if (bytes.length > maxCharacters) {
      throw new Error(`${bytes.length} bytes are too many for one text, which holds ${maxCharacters} characters`, {
        cause: error,
      });
    }
    throw new Error('expected text in UTF-8, found bytes that are none', { cause: error });
  }
}

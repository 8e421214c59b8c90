import { type AlignedText, mapCharacters } from '../text/aligned-text.ts';
import { isChinese, isOther, isWhiteSpace } from '../text/characters.ts';
import { normalizeUnicode } from './unicode-forms.ts';

export interface BertNormalizerSettings {
  readonly clean_text: boolean;
  readonly handle_chinese_chars: boolean;
  /** Follows `lowercase` when null. */
  readonly strip_accents: boolean | null;
  readonly lowercase: boolean;
}

/** BERT's basic cleaning: no control characters, plain spaces, ideographs apart, perhaps no accents and no capitals. */
export function normalizeBert(text: AlignedText, settings: BertNormalizerSettings): AlignedText {
  let result = text;
  if (settings.clean_text) result = mapCharacters(result, clean);
  if (settings.handle_chinese_chars) result = mapCharacters(result, (char) => (isChinese(char) ? ` ${char} ` : char));
  if (settings.strip_accents ?? settings.lowercase) {
    const decomposed = normalizeUnicode(result, 'NFD');
    result = mapCharacters(decomposed, (char) => (nonSpacingMark.test(char) ? '' : char));
  }
  return settings.lowercase ? lowerCase(result) : result;
}

/** Character by character, without JavaScript's rule for a final sigma. */
export function lowerCase(text: AlignedText): AlignedText {
  return mapCharacters(text, (char) => char.toLowerCase());
}

const nonSpacingMark = /^\p{Mn}$/u;
const kept = new Set(['\t', '\n', '\r']);

function clean(char: string): string {
  if (char >= ' ' && char <= '~') return char;
  if (kept.has(char)) return ' ';
  if (char === '\ufffd' || isOther(char)) return '';
  return isWhiteSpace(char) ? ' ' : char;
}

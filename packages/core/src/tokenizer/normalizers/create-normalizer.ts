import { type AlignedText, mapCharacters, prependText, sliceText } from '../text/aligned-text.ts';
import { isWhiteSpace } from '../text/characters.ts';
import { compilePattern } from '../text/compile-pattern.ts';
import { findSegments } from '../text/find-segments.ts';
import { lowerCase, normalizeBert } from './bert-normalizer.ts';
import type { NormalizerConfig } from './normalizer-schema.ts';
import { createPrecompiled } from './precompiled.ts';
import { normalizeUnicode } from './unicode-forms.ts';

export type Normalizer = (text: AlignedText) => AlignedText;

/** @throws Error for a pattern or a map that cannot be used */
export function createNormalizer(config: NormalizerConfig): Normalizer {
  switch (config.type) {
    case 'BertNormalizer':
      return (text) => normalizeBert(text, config);
    case 'Lowercase':
      return lowerCase;
    case 'StripAccents':
      return (text) => mapCharacters(text, (char) => (combiningMark.test(char) ? '' : char));
    case 'Strip':
      return (text) => strip(text, config.strip_left, config.strip_right);
    case 'Prepend':
      return (text) => prependText(config.prepend, text);
    case 'Replace':
      return createReplace(compilePattern(config.pattern), config.content);
    case 'Precompiled':
      return precompiled(config.precompiled_charsmap ?? '');
    case 'Sequence': {
      const steps = config.normalizers.map(createNormalizer);
      return (text) => steps.reduce((result, step) => step(result), text);
    }
    default:
      return (text) => normalizeUnicode(text, config.type);
  }
}

const combiningMark = /^\p{M}$/u;

function strip(text: AlignedText, left: boolean, right: boolean): AlignedText {
  const { chars } = text;
  let start = 0;
  let end = chars.length;
  while (left && start < end && isWhiteSpace(chars[start]!)) start += 1;
  while (right && start < end && isWhiteSpace(chars[end - 1]!)) end -= 1;
  return sliceText(text, start, end);
}

/** Each match becomes `content`, whose characters take the span of the match's last one. */
function createReplace(pattern: RegExp, content: string): Normalizer {
  const written = [...content];
  return (text) => {
    const chars: string[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    for (const { start, end, isMatch } of findSegments(text, pattern)) {
      for (let index = start; !isMatch && index < end; index++) {
        chars.push(text.chars[index]!);
        starts.push(text.starts[index]!);
        ends.push(text.ends[index]!);
      }
      for (const char of isMatch ? written : []) {
        chars.push(char);
        starts.push(text.starts[end - 1] ?? 0);
        ends.push(text.ends[end - 1] ?? 0);
      }
    }
    return { chars, starts, ends };
  };
}

function precompiled(base64: string): Normalizer {
  if (base64 === '') return (text) => text;
  const bytes = bytesOfBase64(base64);
  const normalize = bytes && createPrecompiled(bytes);
  if (normalize !== undefined) return normalize;
  throw new Error('normalizer: precompiled_charsmap: expected a trie and its texts, got other bytes');
}

function bytesOfBase64(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

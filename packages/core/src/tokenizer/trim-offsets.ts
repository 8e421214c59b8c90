import type { EncodedToken } from './create-encoder.ts';
import { byteCharacters } from './pre-tokenizers/byte-level.ts';
import { type PostProcessor, postProcessorSteps } from './sequence-layout.ts';
import { isWhiteSpace } from './text/characters.ts';

/** Takes the spaces at a token's ends out of its span, where the post-processor asks for it. */
export type OffsetTrimmer = (tokens: readonly EncodedToken[]) => EncodedToken[];

export function createOffsetTrimmer(processor: PostProcessor | null): OffsetTrimmer {
  const trims = postProcessorSteps(processor).flatMap((step) =>
    (step.type === 'ByteLevel' || step.type === 'RobertaProcessing') && step.trim_offsets
      ? [{ addsSpace: step.add_prefix_space }]
      : [],
  );
  return (tokens) =>
    trims.reduce<EncodedToken[]>(
      (trimmed, { addsSpace }) =>
        trimmed.map((token, index) => trim(token, addsSpace && (index === 0 || token.start === 0))),
      [...tokens],
    );
}

/** @param isPrefixed  whether the first space was added by the tokenizer and has no place in the text */
function trim(token: EncodedToken, isPrefixed: boolean): EncodedToken {
  const { chars, start, end } = token;
  const isSpace = (char: string) => char === byteCharacters[32] || isWhiteSpace(char);
  const first = chars.findIndex((char) => !isSpace(char));
  const leading = first < 0 ? chars.length : first;
  const trailing = chars.length - 1 - chars.findLastIndex((char) => !isSpace(char));
  const from = leading === 0 ? start : Math.min(start + leading - (isPrefixed ? 1 : 0), end);
  const to = trailing > 0 && end >= trailing ? Math.max(end - trailing, from) : end;
  return { ...token, start: from, end: to };
}

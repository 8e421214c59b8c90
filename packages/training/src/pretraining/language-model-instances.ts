import { ConfigError, type RandomSource } from '@attune/base';
import type { FillInstance } from '@attune/core';
import { requireSpecialId, type Tokenizer } from '@attune/tokenizer';

const causalNeed = 'causal-language-model pre-training';

/**
 * Causal-language-model instances (Radford et al. 2018, "Improving Language Understanding by Generative Pre-Training",
 * section 3.1), one per line: every token after the first is to be predicted from those before it, the closing special
 * token included. Lines stand between the tokens for start and end of text, in BERT's vocabularies [CLS] and [SEP].
 * Empty lines give no instance.
 *
 * @param call.lines      token ids of each line, without special tokens
 * @param call.maxLength  longest sequence with its two special tokens; longer lines lose their end
 */
export function causalLanguageModelInstances(call: {
  readonly lines: readonly (readonly number[])[];
  readonly tokenizer: Pick<Tokenizer, 'specialIds'>;
  readonly maxLength: number;
}): FillInstance[] {
  const { specialIds } = call.tokenizer;
  const start = specialIds.bos ?? requireSpecialId(call.tokenizer, 'cls', causalNeed);
  const end = specialIds.eos ?? requireSpecialId(call.tokenizer, 'sep', causalNeed);
  return call.lines
    .filter(({ length }) => length > 0)
    .map((line) => {
      const inputIds = [start, ...line.slice(0, call.maxLength - 2), end];
      const predicted = inputIds.slice(1);
      return {
        kind: 'fill',
        sequence: {
          inputIds,
          tokenTypeIds: inputIds.map(() => 0),
          maskPositions: predicted.map((_, index) => index + 1),
          virtualTokenPositions: [],
        },
        targets: predicted,
      };
    });
}

/** Lines of a corpus, and how words are masked in them. */
export interface MaskedLanguageModelCall {
  /** Token ids of each line, without special tokens. */
  readonly lines: readonly (readonly number[])[];
  readonly tokenizer: Pick<Tokenizer, 'specialIds' | 'vocabSize'>;
  /** Fork it per epoch, so that every epoch masks other words. */
  readonly random: RandomSource;
  /** Probability that a word is to be predicted, in (0, 1). */
  readonly maskProbability: number;
  /** Longest sequence with its two special tokens; longer lines lose their end. */
  readonly maxLength: number;
  /** Pieces that continue the word before them; a word's pieces are masked together. */
  readonly isContinuation?: (id: number) => boolean;
  /** Words worth asking for more often (after "salient span masking", Guu et al. 2020, section 3.4). */
  readonly salient?: { readonly ids: ReadonlySet<number>; readonly maskProbability: number };
}

/**
 * Masked-language-model instances (Devlin et al. 2019, section 3.1), one per line: each word is chosen with
 * `maskProbability`, at least one per line; a chosen word is replaced by [MASK] (80 %), by random tokens (10 %) or
 * left as it is (10 %), all its pieces alike. Empty lines give no instance.
 *
 * @throws ConfigError when a probability or the length makes no sense
 */
export function maskedLanguageModelInstances(call: MaskedLanguageModelCall): FillInstance[] {
  checkSettings(call);
  return call.lines.flatMap((line, index) =>
    line.length === 0 ? [] : [maskLine(line.slice(0, call.maxLength - 2), call, call.random.fork(index))],
  );
}

const need = 'masked-language-model pre-training';

function maskLine(line: readonly number[], call: MaskedLanguageModelCall, random: RandomSource): FillInstance {
  const cls = requireSpecialId(call.tokenizer, 'cls', need);
  const sep = requireSpecialId(call.tokenizer, 'sep', need);
  const inputIds = [cls, ...line, sep];
  const words = wordSpans(line, call.isContinuation);
  const chosen = words.filter(([start]) => random.uniform() < probabilityOf(line[start]!, call));
  if (chosen.length === 0) chosen.push(words[random.integer(words.length)]!);
  const maskPositions = chosen.flatMap(([start, end]) => {
    const replace = replacement(call, random);
    return Array.from({ length: end - start }, (_, piece) => {
      const position = start + piece + 1;
      inputIds[position] = replace(inputIds[position]!);
      return position;
    });
  });
  return {
    kind: 'fill',
    sequence: { inputIds, tokenTypeIds: inputIds.map(() => 0), maskPositions, virtualTokenPositions: [] },
    targets: maskPositions.map((position) => line[position - 1]!),
  };
}

function probabilityOf(id: number, { salient, maskProbability }: MaskedLanguageModelCall): number {
  return salient?.ids.has(id) ? salient.maskProbability : maskProbability;
}

/** BERT's 80/10/10, drawn once per word. */
function replacement({ tokenizer }: MaskedLanguageModelCall, random: RandomSource): (id: number) => number {
  const mask = requireSpecialId(tokenizer, 'mask', need);
  const draw = random.uniform();
  if (draw < 0.8) return () => mask;
  if (draw < 0.9) return (id) => id;
  return () => randomToken(tokenizer, random);
}

/** Any token but a special one. */
function randomToken({ specialIds, vocabSize }: MaskedLanguageModelCall['tokenizer'], random: RandomSource): number {
  const special = new Set(Object.values(specialIds));
  for (;;) {
    const id = random.integer(vocabSize);
    if (!special.has(id)) return id;
  }
}

/** [start, end) of each word: a piece and the pieces that continue it. */
function wordSpans(line: readonly number[], isContinuation: (id: number) => boolean = () => false) {
  const spans: [number, number][] = [];
  line.forEach((id, index) => {
    const last = spans.at(-1);
    if (last !== undefined && isContinuation(id)) last[1] = index + 1;
    else spans.push([index, index + 1]);
  });
  return spans;
}

function checkSettings({ maskProbability, salient, maxLength, tokenizer }: MaskedLanguageModelCall): void {
  const { specialIds, vocabSize } = tokenizer;
  if (new Set(Object.values(specialIds)).size >= vocabSize) {
    throw new ConfigError(
      `pre-training: expected a vocabulary with ordinary tokens, got ${vocabSize} that are all special; add words to it`,
    );
  }
  for (const [name, value] of [
    ['maskProbability', maskProbability],
    ['salient.maskProbability', salient?.maskProbability ?? maskProbability],
  ] as const) {
    if (value > 0 && value < 1) continue;
    throw new ConfigError(`pre-training: ${name}: expected a number between 0 and 1, got ${value}; BERT has 0.15`);
  }
  if (!Number.isInteger(maxLength) || maxLength < 3) {
    throw new ConfigError(`pre-training: maxLength: expected an integer of at least 3, got ${maxLength}; 64 would do`);
  }
}

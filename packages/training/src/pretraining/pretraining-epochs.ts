import { ConfigError, type RandomSource } from '@attune/base';
import type { FillInstance } from '@attune/core';
import type { Tokenizer } from '@attune/tokenizer';
import { causalLanguageModelInstances, maskedLanguageModelInstances } from './language-model-instances.ts';
import type { MaskedRecipe, PretrainingRecipe } from './recipe.ts';

/** A recipe and the corpora that it names. */
export interface PretrainingTexts {
  readonly recipe: PretrainingRecipe;
  readonly tokenizer: Tokenizer;
  /** Pieces that continue the word before them. */
  readonly isContinuation?: (id: number) => boolean;
  /** Lines of each phase's corpus, in the order of the phases. */
  readonly texts: readonly (readonly string[])[];
}

/**
 * Instances of an epoch of one phase, masked anew each time when words are to be masked.
 *
 * @throws ConfigError when the phase has no text, or a salient word is no token
 */
export function pretrainingEpochs(
  call: PretrainingTexts,
  { index, random }: { readonly index: number; readonly random: RandomSource },
): (epoch: number) => readonly FillInstance[] {
  const { recipe, tokenizer } = call;
  const lines = (call.texts[index] ?? []).map((text) => tokenizer.encode(text)).filter((ids) => ids.length > 0);
  if (lines.length === 0) throw new ConfigError(`pre-training: phase ${index + 1} has no text to train on`);
  if (recipe.objective === 'masked') return maskedEpochs(call, { recipe, index, lines, random });
  const instances = causalLanguageModelInstances({ lines, tokenizer, maxLength: recipe.maxLength });
  return () => instances;
}

interface MaskedPhase {
  readonly recipe: MaskedRecipe;
  readonly index: number;
  readonly lines: readonly (readonly number[])[];
  readonly random: RandomSource;
}

function maskedEpochs(
  { tokenizer, isContinuation }: PretrainingTexts,
  of: MaskedPhase,
): (epoch: number) => readonly FillInstance[] {
  const { recipe, index, lines, random } = of;
  const { salient: words, maskProbability } = recipe.phases[index]!.masking ?? recipe;
  const salient = words && { ...words, ids: idsOf(words.words, tokenizer) };
  return (epoch) =>
    maskedLanguageModelInstances({
      lines,
      tokenizer,
      random: random.fork(epoch),
      maskProbability,
      maxLength: recipe.maxLength,
      ...(isContinuation && { isContinuation }),
      ...(salient && { salient }),
    });
}

function idsOf(words: readonly string[], tokenizer: Tokenizer): Set<number> {
  const missing = words.filter((word) => tokenizer.tokenToId(word) === undefined);
  if (missing.length > 0) {
    throw new ConfigError(
      `pre-training: salient.words: ${missing.join(', ')} ${missing.length > 1 ? 'are no tokens' : 'is no token'} ` +
        'of the vocabulary; name whole tokens',
    );
  }
  return new Set(words.map((word) => tokenizer.tokenToId(word)!));
}

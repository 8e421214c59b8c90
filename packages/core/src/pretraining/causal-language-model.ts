import type { FillInstance } from '../contracts/instance.ts';
import { requireSpecialId } from '../tokenizer/special-ids.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

const need = 'causal-language-model pre-training';

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
  const start = specialIds.bos ?? requireSpecialId(call.tokenizer, 'cls', need);
  const end = specialIds.eos ?? requireSpecialId(call.tokenizer, 'sep', need);
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

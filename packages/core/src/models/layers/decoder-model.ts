import type { Model } from '../../contracts/model.ts';
import { lastTokenHead, nextTokenLogits } from './decoder-head.ts';
import { type DecoderParts, decoderStack } from './decoder-stack.ts';

/** A family's decoder: its layers, its lists of parameters and projections, and where its vocabulary's matrix is. */
interface DecoderModelParts<View>
  extends DecoderParts<View>,
    Pick<Model, 'family' | 'vocabSize' | 'maxLength' | 'parameters' | 'projections'> {
  /** Standard deviation of a new head's weight. */
  readonly stddev: number;
  /** Name of the matrix that gives the next token's logits, [vocabSize, hiddenSize]. */
  readonly decoder: string;
}

/** A decoder with its language-model head and its head over sequences, as the contract has it. */
export function decoderModel<View>(parts: DecoderModelParts<View>): Model {
  const { family, vocabSize, maxLength, parameters, projections, hiddenSize, numLayers, stddev, decoder } = parts;
  const stack = decoderStack(parts);
  return {
    ...{ family, languageModel: 'causal', hiddenSize, vocabSize, numLayers, maxLength, parameters, projections },
    ...stack,
    sequenceHead: (_, numOutputs) => lastTokenHead({ encodeRows: stack.encodeRows, numOutputs, hiddenSize, stddev }),
    languageModelLogits: (call) => nextTokenLogits(decoder, call),
  };
}

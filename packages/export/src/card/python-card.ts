import { markdownBlock, markdownCode, markdownText } from '@attune/base';
import type { FormatCard } from '../formats/export-format.ts';
import { paddingToken } from '../formats/padding-token.ts';
import type { RestoredTrial } from '../restore-trial.ts';
import { answerText, labelText } from './markdown.ts';
import { pythonExample } from './python-example.ts';

/** Pipelines of the transformers library, by its class. */
const pipelines: Readonly<Record<string, string>> = {
  AutoModelForSequenceClassification: 'text-classification',
  AutoModelForMultipleChoice: 'multiple-choice',
  AutoModelForMaskedLM: 'fill-mask',
  AutoModelForCausalLM: 'text-generation',
};

/** What a card says of a model that Python opens. */
interface PythonCardCall extends Pick<FormatCard, 'libraryName' | 'relation' | 'about'> {
  /** Class of the transformers library that the model is opened with. */
  readonly className: string;
  /** Packages that the example needs. */
  readonly packages: readonly string[];
  /** See `pythonExample`. */
  readonly loading: readonly string[];
}

/** What the card of files for a Python library says of them. */
export function pythonCard(trial: RestoredTrial, call: PythonCardCall): FormatCard {
  const { libraryName, relation, about, className, packages, loading } = call;
  const pipelineTag = pipelines[className];
  return {
    ...{ libraryName, relation, about, tags: [] },
    ...(pipelineTag === undefined ? {} : { pipelineTag }),
    usage: `## Inputs and outputs

A sequence has at most ${trial.prepared.model.maxLength} tokens. ${paddingText(trial)}

${paragraphs(trial).join('\n\n')}

## Example

An example of the reported split, to be run in this folder after ${markdownCode(`pip install ${packages.join(' ')}`)}.

${markdownBlock(pythonExample(trial, loading), 'python')}`,
  };
}

/** How a batch is filled up: a model that counts positions from the first token is wrong about what stands behind padding. */
function paddingText({ loaded, prepared }: RestoredTrial): string {
  const token = paddingToken(loaded);
  return token === undefined
    ? `Pad batches on the right, with id ${prepared.tokenizer.specialIds.pad}.`
    : `Batches are padded on the right, with ${markdownCode(token.content)} (id\n${token.id}), as the example's tokenizer does.`;
}

function paragraphs(trial: RestoredTrial): string[] {
  const { formulated, model, tokenizer } = { ...trial.prepared, ...trial.prepared.report };
  const mask = markdownCode(tokenizer.decode([tokenizer.specialIds.mask ?? tokenizer.specialIds.pad]));
  if (formulated.kind !== 'cloze') return [answerText(formulated.kind, mask), ...labelText(formulated)];
  const { labels, verbalizer = [] } = formulated;
  const wordsOf = (id: number) =>
    (verbalizer[id] ?? []).map((word) => markdownText(tokenizer.decode([word]))).join(', ');
  const words = labels.map((label, id) => `- ${markdownText(label)}: ${wordsOf(id)}`);
  const text =
    model.languageModel === 'causal'
      ? 'The text is written in the pattern up to what is asked, which the model predicts. The score of a label is the mean\n' +
        'logit at the last token of its words, the largest is the answer:'
      : `The text is written in the pattern, with one ${mask}. The score of a label is the mean logit there of its words, the\n` +
        'largest is the answer:';
  return [`${text}\n\n${words.join('\n')}`];
}

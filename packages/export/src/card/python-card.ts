import type { FormatCard } from '../formats/export-format.ts';
import type { RestoredTrial } from '../restore-trial.ts';
import { answerText, code, labelText } from './markdown.ts';
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

A sequence has at most ${trial.prepared.model.maxLength} tokens.

${paragraphs(trial).join('\n\n')}

## Example

An example of the reported split, to be run in this folder after ${code(`pip install ${packages.join(' ')}`)}.

\`\`\`python
${pythonExample(trial, loading)}\`\`\``,
  };
}

function paragraphs({ prepared }: RestoredTrial): string[] {
  const { formulated } = prepared.report;
  if (formulated.kind !== 'cloze') return [answerText[formulated.kind], ...labelText(formulated), ...next(prepared)];
  const { labels, verbalizer = [] } = formulated;
  const wordsOf = (id: number) => (verbalizer[id] ?? []).map((word) => prepared.tokenizer.decode([word])).join(', ');
  const words = labels.map((label, id) => `- ${label}: ${wordsOf(id)}`);
  return [
    'The text is written in the pattern, with one [MASK]. The score of a label is the mean logit there of its words, the\n' +
      `largest is the answer:\n\n${words.join('\n')}`,
    ...next(prepared),
  ];
}

function next({ model, objective }: RestoredTrial['prepared']): string[] {
  const isAsked = objective.parameters.length === 0 && model.languageModel === 'causal';
  return isAsked ? ['The model predicts the next token: it answers for a [MASK] at the position before it.'] : [];
}

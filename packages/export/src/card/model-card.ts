import { markdownBlock, markdownCellCode, markdownText } from '@attune/base';
import type { InstanceKind } from '@attune/core';
import type { TrialRecord } from '@attune/records';
import { stringify } from 'yaml';
import type { FormatCard, OutputCheck } from '../formats/export-format.ts';
import type { RestoredTrial } from '../restore-trial.ts';
import { type Row, table } from './markdown.ts';

/** Names that Hugging Face's hub has for tasks. */
const hubTasks: Readonly<Record<InstanceKind, string>> = {
  classification: 'text-classification',
  cloze: 'text-classification',
  choice: 'multiple-choice',
  candidates: 'multiple-choice',
  fill: 'fill-mask',
};

/**
 * The YAML that a model card starts with, as the hub reads it. `base_model` is there for a model of the hub alone: a
 * folder's name would stand for another one there.
 *
 * @param title  the model's name in `model-index`
 */
export function cardMetadata(trial: RestoredTrial, card: FormatCard, title: string): string {
  const { method, task, model } = trial.record.config;
  const base = model.initialization === 'checkpoint' ? model.hub?.repo : undefined;
  const metadata = {
    ...(base === undefined ? {} : { base_model: base, base_model_relation: card.relation }),
    library_name: card.libraryName,
    ...(card.pipelineTag === undefined ? {} : { pipeline_tag: card.pipelineTag }),
    tags: [...new Set(['attune', ...card.tags, method.name, task.name])],
    datasets: [trial.dataset],
    metrics: trial.plan.task.metrics.map(({ name }) => snakeCase(name)),
    'model-index': [{ name: title, results: [result(trial)] }],
  };
  return `---\n${stringify(metadata, { lineWidth: 0 })}---\n`;
}

function result({ record, plan, prepared, dataset }: RestoredTrial): object {
  const { task, data } = record.config;
  return {
    task: { type: hubTasks[prepared.report.formulated.kind], name: task.name },
    dataset: { name: `${task.name} of ${dataset}`, type: dataset, config: task.name, split: data.reportedSplit },
    metrics: plan.task.metrics.flatMap(({ name }) => {
      const value = record.scores[name];
      return value === undefined ? [] : [{ type: snakeCase(name), name, value }];
    }),
  };
}

const snakeCase = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What a model card says: of the trial, of the export's files, of how its outputs were compared. */
interface ModelCardCall {
  readonly trial: RestoredTrial;
  /** What the format says of its files. */
  readonly card: FormatCard;
  readonly check: OutputCheck;
  /** What makes the record, then the export, again. */
  readonly commands: readonly string[];
}

/** README.md of an exported model: what it is, how it was made and scored, how to use it, how to make it again. */
export function modelCard(call: ModelCardCall): string {
  const { trial, card, commands } = call;
  const { task, model } = trial.record.config;
  const title = `${task.name} by ${trial.plan.arm.label}: ${model.name}`;
  return `${cardMetadata(trial, card, title)}
# ${markdownText(title)}

${card.about}

${table(facts(call))}

${card.usage}

## How to make it again

${markdownBlock(commands.join('\n'), 'sh')}

Training is deterministic: the export checks that the parameters are those of the record.
`;
}

function facts({ trial, check }: ModelCardCall): Row[] {
  const { record, prepared, dataset } = trial;
  const { method, model, data, training, formulation, pattern, seed, task } = record.config;
  const isEncoded = prepared.attachment.numVirtualTokens > 0;
  return [
    ['', ''],
    plain('Base model', `${model.name} (${start(model)}, ${source(model)})`),
    ['Method', `${markdownText(method.name)} ${json(method.settings)}${isEncoded ? ', prompt encoder run once' : ''}`],
    plain(
      'Task',
      `${task.name} version ${task.version}, posed as a ${formulation}${pattern ? `, pattern ${pattern}` : ''}`,
    ),
    plain(
      'Data',
      `${dataset}, ${data.regime}: trained on ${data.trainSplit}, chosen on ${data.selectionSplit} (${data.hash.slice(0, 12)})`,
    ),
    ['Training', json(training)],
    plain('Seed', String(seed)),
    ...chosen(record),
    plain(`Scores on ${data.reportedSplit}`, fractions(record.scores)),
    plain('Majority answer', fractions(record.majority)),
    plain('Chance', fractions(record.chance)),
    plain('Parameters', `${record.costs.trainableParameters} trained of ${record.costs.totalParameters}`),
    plain('Trial', record.key),
    plain(
      'Checked',
      `${check.examples} examples, largest difference from the trained model ${check.difference.toExponential(1)}`,
    ),
  ];
}

const plain = (name: string, value: string): Row => [markdownText(name), markdownText(value)];

function chosen({ selection, config }: TrialRecord): Row[] {
  if (selection === undefined) return [];
  const score = (100 * selection.bestScore).toFixed(1);
  return [
    plain(
      `Score on ${config.data.selectionSplit}`,
      `${score}, the best of all evaluations, at step ${selection.bestStep}`,
    ),
  ];
}

function fractions(scores: Readonly<Record<string, number>>): string {
  return Object.entries(scores)
    .map(([name, value]) => `${name} ${(100 * value).toFixed(1)}`)
    .join(', ');
}

function source({ hub, checkpointHash }: TrialRecord['config']['model']): string {
  const files = `checkpoint ${checkpointHash.slice(0, 12)}`;
  return hub === undefined ? files : `${hub.repo} at commit ${hub.commit}, ${files}`;
}

function start({ initialization }: TrialRecord['config']['model']): string {
  return initialization === 'checkpoint' ? 'pre-trained' : 'random weights';
}

const json = (value: object) => markdownCellCode(JSON.stringify(value));

import type { InstanceKind } from '@attune/core';
import { stringify } from 'yaml';
import type { FormatCard } from '../formats/export-format.ts';
import type { RestoredTrial } from '../restore-trial.ts';

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

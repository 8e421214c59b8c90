import type { TrialRecord } from '@attune/records';
import { seedsOf } from '../analysis/score-grid.ts';
import type { ExperimentResults } from '../read-records.ts';
import type { Fact } from './page.ts';

/** What a run depends on, each distinct value once; trials made under different conditions show as several lines. */
export function reproduceFacts({ experiment, records }: ExperimentResults): readonly Fact[] {
  const all = (value: (record: TrialRecord) => string) => [...new Set(records.map(value))];
  const facts: readonly Fact[] = [
    { term: 'Experiment', values: [experiment.name] },
    { term: 'Seeds', values: records.length > 0 ? [seedsOf(records).join(', ')] : [] },
    {
      term: 'Code',
      values: all(
        ({
          run: {
            environment: { commit, dirty },
          },
        }) => `commit ${commit}${dirty ? ', with uncommitted changes' : ''}`,
      ),
    },
    {
      term: 'Checkpoint',
      values: all(({ config: { model } }) => checkpointText(model)),
    },
    {
      term: 'Data',
      values: all(
        ({ config: { task, data } }) =>
          `${task.name} version ${task.version}, ${data.regime} (train on ${data.trainSplit}, select on ${data.selectionSplit}, report ${data.reportedSplit}): sha256 ${data.hash}`,
      ),
    },
    { term: 'Sources', values: all(({ code }) => `sha256 ${code}`) },
    { term: 'Engine', values: all(({ config: { engine } }) => `${engine.name} on ${engine.device}`) },
    { term: 'Node', values: all(({ run: { environment } }) => `${environment.node} on ${environment.platform}`) },
    { term: 'Versions', values: all(({ config }) => versionList(config.libraries)) },
  ];
  return facts.filter(({ values }) => values.some((value) => value !== ''));
}

function checkpointText({ name, hub, checkpointHash, initialization }: TrialRecord['config']['model']): string {
  const source = hub === undefined ? '' : `${hub.repo} at commit ${hub.commit}, `;
  const kind = initialization === 'random' ? ' (architecture and tokenizer; weights drawn from the seed)' : '';
  return `${name}: ${source}sha256 ${checkpointHash}${kind}`;
}

function versionList(versions: Readonly<Record<string, string>>): string {
  return Object.keys(versions)
    .sort()
    .map((name) => `${name} ${versions[name]}`)
    .join(', ');
}

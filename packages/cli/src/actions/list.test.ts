import { describe, expect, it } from 'vitest';
import { attune } from '../../test/attune.ts';
import { catalog } from '../catalog.ts';

describe('attune list', () => {
  it('names every method with its settings: what each takes, its default, its meaning, from its schema', async () => {
    const { code, stdout, stderr } = await attune(['list', 'methods']);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.filter((line) => !line.startsWith(' '))).toEqual(catalog.methods.map(({ name }) => name));
    const row = (start: RegExp) =>
      lines
        .find((line) => start.test(line))
        ?.trim()
        .split(/ {2,}/);
    expect(row(/^ {2}rank /)).toEqual(['rank', 'integer', 'default 8', 'inner dimension r of the update']);
    expect(row(/^ {2}encoder /)?.slice(1, 3)).toEqual(['"lstm" or "mlp" or "identity"', 'default "lstm"']);
    expect(row(/^ {2}targetModules /)?.[1]).toBe('"query-value" or "all-linear" or list');
    expect(row(/^ {2}freeze .*"by-name"/)).toEqual(['freeze', '"by-name"', 'only what `patterns` names is frozen']);
    expect(row(/^ {2}freeze .*"bottom"/)?.[2]).toBe('the default');
    expect(lines.at(-1)).toBe('  no settings');
  });

  it('names every task with its folder, formulations and metrics', async () => {
    const { stdout } = await attune(['list', 'tasks']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ {2,}/)),
    ).toEqual(
      catalog.tasks.map(({ name, directory, formulations, metrics }) => [
        ...[name, `folder ${directory}`, formulations.join(' or '), metrics.map((metric) => metric.name).join(', ')],
      ]),
    );
  });

  it('shows experiments with their titles, and everything under headings', async () => {
    const experiments = (await attune(['list', 'experiments'])).stdout;
    expect(experiments).toMatch(/^\S*experiments\/quick\.ts +\S.*$/m);
    const { code, stdout } = await attune(['list']);
    expect(code).toBe(0);
    expect(stdout.match(/^\S.*$/gm)).toEqual(['methods:', 'tasks:', 'models:', 'data:', 'experiments:']);
    expect(stdout).toContain(experiments.replaceAll(/^(?=.)/gm, '  '));
    for (const name of Object.keys(catalog.models)) expect(stdout).toMatch(new RegExp(`^ {2}${name} +\\S`, 'm'));
  });
});

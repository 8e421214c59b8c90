import { describe, expect, it } from 'vitest';
import { attune } from '../../test/attune.ts';
import { catalog } from '../catalog.ts';

describe('attune list', () => {
  it('names every method, one a line', async () => {
    const stdout = catalog.methods.map(({ name }) => `${name}\n`).join('');
    expect(await attune(['list', 'methods'])).toEqual({ code: 0, stdout, stderr: '' });
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

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError, unknownNameMessage } from '@attune/core';
import { displayPath } from '@attune/runner';
import { Command } from 'commander';
import { catalog, repository } from '../catalog.ts';
import { exitCodes } from '../exit-codes.ts';
import { textTable } from '../text-table.ts';
import type { SetExitCode } from './options.ts';

const example = `
Examples:
  $ attune list
  $ attune list tasks`;

type Lines = () => readonly string[] | Promise<readonly string[]>;

const kinds: Readonly<Record<string, Lines>> = {
  methods: () => catalog.methods.map(({ name }) => name),
  tasks: () =>
    textTable(
      catalog.tasks.map(({ name, directory, metrics, formulations }) => [
        name,
        `folder ${directory}`,
        formulations.join(' or '),
        metrics.join(', '),
      ]),
    ),
  models: () =>
    textTable(
      Object.entries(catalog.models).map(([name, directory]) => [
        name,
        existsSync(directory) ? displayPath(directory) : `${displayPath(directory)} (not there)`,
      ]),
    ),
  experiments: async () => textTable(await experiments()),
};

export function listCommand(setExitCode: SetExitCode): Command {
  return new Command('list')
    .description('Shows the known methods, tasks, models and experiments')
    .argument('[kind]', Object.keys(kinds).join(', '))
    .addHelpText('after', example)
    .action(async (kind: string | undefined) => {
      if (kind !== undefined && !(kind in kinds)) {
        throw new ConfigError(unknownNameMessage('kind', kind, Object.keys(kinds)));
      }
      for (const name of kind === undefined ? Object.keys(kinds) : [kind]) {
        if (kind === undefined) console.log(`${name}:`);
        for (const line of await kinds[name]!()) console.log(kind === undefined ? `  ${line}` : line);
      }
      setExitCode(exitCodes.ok);
    });
}

async function experiments(): Promise<string[][]> {
  const folder = join(repository, 'experiments');
  const files = (await readdir(folder).catch(() => [])).filter((file) => /\.(ts|js|json)$/.test(file)).sort();
  const rows = files.map(async (file) => {
    const path = join(folder, file);
    const options = file.endsWith('.json') ? { with: { type: 'json' } } : {};
    const module = (await import(pathToFileURL(path).href, options)) as { default?: { title?: string } };
    return [displayPath(path), module.default?.title ?? ''];
  });
  return Promise.all(rows);
}

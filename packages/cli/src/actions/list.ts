import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError, textTable, unknownNameMessage } from '@attune/base';
import { displayPath } from '@attune/base/node';
import { catalog, repository } from '../catalog.ts';
import { exitCodes } from '../exit-codes.ts';
import { say } from '../say.ts';

/** What `attune list` can be asked for. */
export type ListedKind = 'methods' | 'tasks' | 'models' | 'experiments';
type Lines = () => readonly string[] | Promise<readonly string[]>;

const kinds: Readonly<Record<ListedKind, Lines>> = {
  methods: () => catalog.methods.map(({ name }) => name),
  tasks: () =>
    textTable(
      catalog.tasks.map(({ name, directory, metrics, formulations }) => [
        name,
        `folder ${directory}`,
        formulations.join(' or '),
        metrics.map((metric) => metric.name).join(', '),
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

const names = Object.keys(kinds) as readonly ListedKind[];

/** What `name` names; everything under headings when there is none. */
export async function list(name: string | undefined): Promise<number> {
  for (const kind of name === undefined ? names : [kindNamed(name)]) {
    if (name === undefined) say(`${kind}:`);
    for (const line of await kinds[kind]()) say(name === undefined ? `  ${line}` : line);
  }
  return exitCodes.ok;
}

function kindNamed(name: string): ListedKind {
  const kind = names.find((known) => known === name);
  if (kind === undefined) throw new ConfigError(unknownNameMessage('kind', name, names));
  return kind;
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

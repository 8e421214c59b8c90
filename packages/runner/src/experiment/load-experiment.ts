import { dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ConfigError } from '@attune/base';
import { displayPath, openFile, readJsonFile } from '@attune/base/node';
import type { DownloadListener } from '@attune/checkpoints/node';
import type { Catalog } from './definition.ts';
import { resolveExperiment } from './resolve-experiment.ts';
import type { ResolvedExperiment, RunOptions } from './resolved.ts';

/** An experiment file and what the command line changes about it. */
export interface ExperimentSource {
  /** A .ts or .js module with an experiment as default export, or a .json file. */
  readonly file: string;
  readonly options: RunOptions;
}

/**
 * Reads, checks and resolves an experiment file. Parent and workers call it alike.
 *
 * @throws ConfigError when the file is missing, cannot be loaded, exports nothing or has mistakes
 */
export async function loadExperiment(
  { file, options }: ExperimentSource,
  catalog: Catalog,
  onDownload?: DownloadListener,
): Promise<ResolvedExperiment> {
  const path = resolve(file);
  const shown = displayPath(path);
  await checkFile(path, shown);
  const definition = extname(path) === '.json' ? await readJsonFile(path, shown) : await importDefault(path, shown);
  return resolveExperiment({ definition, file: shown, baseDirectory: dirname(path), catalog, options, onDownload });
}

async function importDefault(path: string, shown: string): Promise<unknown> {
  const module = (await import(pathToFileURL(path).href).catch((error) => notLoaded(shown, error))) as {
    readonly default?: unknown;
  };
  if (module.default === undefined) {
    throw new ConfigError(`${shown}: expected a default export made with defineExperiment(...), found none`);
  }
  return module.default;
}

/** A mistake in the file (its syntax, its imports, what it does when loaded) is its author's to mend. */
function notLoaded(shown: string, error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException;
  const advice =
    code === 'ERR_REQUIRE_CYCLE_MODULE'
      ? 'it is no ES module here; put a package.json with {"type": "module"} beside it'
      : message;
  throw new ConfigError(`${shown}: cannot be loaded as an experiment: ${advice}`, { cause: error });
}

/** Importing a pipe would wait for ever. */
async function checkFile(path: string, shown: string): Promise<void> {
  const handle = await openFile(path).catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(
      error.code === 'ENOENT'
        ? `${shown}: no such experiment file; "attune list experiments" shows those that are there`
        : `${shown}: cannot be read: ${error.message}`,
      { cause: error },
    );
  });
  await handle.close();
}

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, ownValue, unknownNameMessage } from '@attune/base';
import { readJsonFile } from '@attune/base/node';
import { legacyNameHint, parseHubId } from '@attune/checkpoints';
import { locateModel } from '@attune/checkpoints/node';
import { type Model, modelFamily } from '@attune/core';

/**
 * The model of a configuration, without its weights.
 *
 * @param given  a name of the catalogue, a model directory, a config.json or an id of the hub
 * @param known  model name to directory
 * @throws ConfigError when there is no such model, or its configuration cannot be used
 */
export async function readModel(given: string, known: Readonly<Record<string, string>>): Promise<Model> {
  const path = ownValue(known, given) ?? given;
  const file = await configFile(path, known);
  const config = await readJsonFile(file);
  return modelFamily(config, file).create(config, file).model;
}

async function configFile(path: string, known: Readonly<Record<string, string>>): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  const file = found?.isDirectory() === true ? join(path, 'config.json') : path;
  if (found !== undefined && (await stat(file).catch(() => undefined)) !== undefined) return file;
  if (found === undefined && parseHubId(path) !== undefined) {
    return join((await locateModel(path, { parts: 'config' })).directory, 'config.json');
  }
  if (found !== undefined) throw new ConfigError(`${path}: expected a config.json in it, found none`);
  const message = unknownNameMessage('model', path, Object.keys(known));
  throw new ConfigError(`model: no such file or directory, and ${message}${legacyNameHint(path)}`);
}

import { ConfigError, Problems } from '@attune/base';
import type { FineTuningMethod } from '@attune/core';

/**
 * Settings from what the command line has beside its own options: `--rank 8 --target-modules '["query"]'`. A value is
 * JSON where it is that, else text; names are the settings', in kebab or camel case.
 *
 * @throws ConfigError when an argument is no option or has no value
 */
export function parseSettingFlags(args: readonly string[]): Readonly<Record<string, unknown>> {
  const settings: [name: string, value: unknown][] = [];
  const rest = args.flatMap((arg) => splitAtEquals(arg));
  while (rest.length > 0) {
    const flag = rest.shift()!;
    if (!flag.startsWith('--')) throw new ConfigError(`expected an option such as --rank, got "${flag}"`);
    const value = rest.shift();
    if (value === undefined || value.startsWith('--')) throw new ConfigError(`${flag}: expected a value, got nothing`);
    settings.push([camelCase(flag.slice(2)), jsonOrText(value)]);
  }
  // Each a key of its own, also "__proto__", so that a name which is unknown is told.
  return Object.fromEntries(settings);
}

/** `{"rank":8}` as an object. @throws ConfigError otherwise */
export function parseSettings(text: string): Readonly<Record<string, unknown>> {
  const value = jsonOrText(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ConfigError(`--settings: expected a JSON object such as '{"rank":8}', got ${text}`);
}

/**
 * A method's settings, checked and completed.
 *
 * @throws ConfigError listing every problem; an unknown name gets its nearest neighbour
 */
export function settingsOf(method: FineTuningMethod, given: Readonly<Record<string, unknown>>): unknown {
  const problems = new Problems(`--method ${method.name}`);
  const settings = problems.check('', method.settings, given);
  problems.throwIfAny();
  return settings;
}

function splitAtEquals(arg: string): string[] {
  const equals = arg.indexOf('=');
  return arg.startsWith('--') && equals > 0 ? [arg.slice(0, equals), arg.slice(equals + 1)] : [arg];
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

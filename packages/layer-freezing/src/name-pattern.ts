import { ConfigError, nearestNames } from '@attune/core';

/**
 * A glob over a whole parameter name ("*" is any text, "?" one character), or, between slashes, a regular
 * expression that may match anywhere in it.
 *
 * @returns the expression, or why there is none
 */
export function compilePattern(pattern: string): RegExp | string {
  if (!(pattern.length > 2 && pattern.startsWith('/') && pattern.endsWith('/'))) return globExpression(pattern);
  try {
    return new RegExp(pattern.slice(1, -1), 'u');
  } catch (error) {
    return `expected a glob or a /regular expression/, got "${pattern}": ${(error as Error).message}`;
  }
}

function globExpression(glob: string): RegExp {
  const escaped = glob.replaceAll(/[\\^$.|+()[\]{}/-]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}

/**
 * Names that match any of the patterns.
 *
 * @throws ConfigError when a pattern matches no name at all, listing every such pattern with near matches
 */
export function matchNames(patterns: readonly string[], names: readonly string[]): ReadonlySet<string> {
  const problems: string[] = [];
  const matched = new Set<string>();
  for (const pattern of patterns) {
    const expression = compilePattern(pattern);
    if (typeof expression === 'string') throw new ConfigError(`patterns: ${expression}`);
    const hits = names.filter((name) => expression.test(name));
    for (const hit of hits) matched.add(hit);
    if (hits.length === 0) problems.push(noMatch(pattern, names));
  }
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return matched;
}

function noMatch(pattern: string, names: readonly string[]): string {
  const near = nearestNames(pattern, names, 3);
  const shown = near.length > 0 ? near : names.slice(0, 3);
  return `layer-freezing: pattern "${pattern}" matches none of ${names.length} parameters; names look like ${shown.map((name) => `"${name}"`).join(', ')}`;
}

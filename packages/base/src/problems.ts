import { ConfigError, unknownNameMessage } from './errors.ts';
import { shownLine } from './safe-text.ts';
import { checkWith, type Schema } from './schema-issues.ts';

/** Collects what is wrong with a configuration, so that one error lists all of it. */
export class Problems {
  readonly #file: string;
  readonly #lines: string[] = [];

  /** @param file  how the configuration's file is named in messages */
  constructor(file: string) {
    this.#file = file;
  }

  add(path: string, message: string): void {
    this.#lines.push(`${this.#file}: ${path === '' ? '' : `${path}: `}${message}`);
  }

  get none(): boolean {
    return this.#lines.length === 0;
  }

  /** A problem of the command line, not of the file. */
  addOption(option: string, message: string): void {
    this.#lines.push(`${option}: ${message}`);
  }

  /** Checks a value; on success returns it parsed, else adds each problem under `path` and returns undefined. */
  check<Value>(path: string, schema: Schema<Value>, value: unknown): Value | undefined {
    const checked = checkWith(schema, value, path);
    this.#lines.push(...(checked.problems ?? []).map((problem) => `${this.#file}: ${problem}`));
    return checked.value;
  }

  /** @throws ConfigError with every problem, one per line */
  throwIfAny(): void {
    if (this.#lines.length > 0) throw new ConfigError(this.#lines.join('\n'));
  }
}

/** What a list holds more than once, each once. */
export function repeated<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}

/** As `unknownNameMessage`, without a list where nothing is known. */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  return known.length === 0 ? `unknown ${kind} "${shownLine(name)}"` : unknownNameMessage(kind, name, known);
}

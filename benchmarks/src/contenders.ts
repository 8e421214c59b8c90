import { type Shape, shapes } from './shapes.ts';
import { type Summary, summarize } from './statistics.ts';

/** One of several ways to do the same, taking turns. */
export interface Contender {
  readonly name: string;
  run(): Promise<unknown>;
}

export interface ContenderRow {
  readonly shape: string;
  readonly name: string;
  readonly ms: Summary;
  /** Median by that of the first contender of the shape. */
  readonly ratio: number;
}

export interface ContenderChoice {
  readonly shapes: readonly string[];
  readonly threads: number;
  readonly rounds: number;
}

/** @throws Error for an unknown name, with the known ones */
export function shapesNamed(names: readonly string[]): Shape[] {
  return names.map((name) => {
    const found = shapes.find((shape) => shape.name === name);
    if (found !== undefined) return found;
    throw new Error(`unknown shape "${name}". Known: ${shapes.map((shape) => shape.name).join(', ')}`);
  });
}

/** Runs each once untimed, then all in turn, so that a machine that slows down slows all of them. */
export async function alternate(
  contenders: readonly Contender[],
  { shape, rounds }: { readonly shape: string; readonly rounds: number },
): Promise<ContenderRow[]> {
  const millis = contenders.map((): number[] => []);
  for (const contender of contenders) await contender.run();
  for (let round = 0; round < rounds; round++) {
    for (const [index, contender] of contenders.entries()) {
      const start = performance.now();
      await contender.run();
      millis[index]!.push(performance.now() - start);
    }
  }
  const summaries = millis.map(summarize);
  return contenders.map(({ name }, index) => {
    const ms = summaries[index]!;
    return { shape, name, ms, ratio: ms.median / summaries[0]!.median };
  });
}

/** @param what  the second column's heading */
export function contenderTable(rows: readonly ContenderRow[], what: string): string {
  const lines = rows.map(({ shape, name, ms, ratio }) => {
    const range = `${ms.min.toFixed(1)}–${ms.max.toFixed(1)}`;
    return `| ${shape} | ${name} | ${ms.median.toFixed(1)} (${range}) | ${ms.count} | ${ratio.toFixed(3)} |`;
  });
  return [`| shape | ${what} | ms | times | by the first |`, '| --- | --- | --: | --: | --: |', ...lines].join('\n');
}

import { type RowParts, rowKey } from '../corpus/overlap.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';
import { pronoun } from './entailments.ts';
import { type RteRow, rte } from './rte.ts';

interface DiagnosticCall {
  readonly world: World;
  readonly random: Random;
  /** Rows that must not come again. */
  readonly taken: readonly RowParts[];
}

interface Diagnostics {
  readonly axb: readonly unknown[];
  readonly axg: readonly unknown[];
  readonly parts: readonly RowParts[];
}

const axbRows = 400;
const axgPairs = 160;

/**
 * AX-b: entailments as in RTE, under their official field names and with tags. AX-g: the same sentence about a man and
 * about a woman; who is meant does not change with it.
 */
export function createDiagnostics({ world, random, taken }: DiagnosticCall): Diagnostics {
  const keys = new Set(taken.map(rowKey));
  const call = { world, scope: 'all' } as const;
  const [forAxb, forAxg] = [random.fork('AX-b'), random.fork('AX-g')];
  const rows = balanced(axbRows, keys, (answer) => [rte.sample({ ...call, random: forAxb, answer })]).flat();
  const pairs = balanced(axgPairs, keys, (answer) =>
    minimalPair(pronoun({ ...call, random: forAxg, answer }, 'male'), answer),
  );
  return {
    axb: forAxb.sample(rows, rows.length).map(({ premise, hypothesis, label, tags }, idx) => ({
      ...{ sentence1: premise, sentence2: hypothesis, idx, label },
      ...tags,
    })),
    axg: forAxg
      .sample(pairs, pairs.length)
      .flat()
      .map(({ premise, hypothesis, label }, idx) => ({ idx, pair_id: idx, premise, hypothesis, label })),
    parts: [...rows, ...pairs.flat()].map(rte.parts),
  };
}

function minimalPair(about: Omit<RteRow, 'label'>, answer: number): RteRow[] {
  const label = answer === 0 ? 'entailment' : 'not_entailment';
  return [about.premise, about.premise.replace(' because he ', ' because she ')].map((premise) => ({
    ...about,
    ...{ premise, label },
  }));
}

/** Groups of new rows, for either answer in turn. */
function balanced(count: number, keys: Set<string>, sample: (answer: number) => RteRow[]): RteRow[][] {
  return Array.from({ length: count }, (_, index) => {
    for (;;) {
      const rows = sample(index % 2);
      const own = rows.map((row) => rowKey(rte.parts(row)));
      if (own.some((key) => keys.has(key))) continue;
      for (const key of own) keys.add(key);
      return rows;
    }
  });
}

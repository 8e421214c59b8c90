import { z } from 'zod';

/** An answer of a trial: the id path of an item (row; or passage, question, answer) and what was predicted for it. */
export interface Answer {
  readonly id: string;
  readonly predicted: string;
  readonly gold?: string;
}

/** Indexes are written with these digits, 0 to 9 and a to z. */
const base = 36;
const absent = '-';

/**
 * Indexes into a list, one after the other: as many digits each as the last index of the list needs, so one for up to
 * 36 values; "-" in place of the digits is none.
 */
const indexesSchema = z.string().regex(/^[0-9a-z-]*$/, 'expected digits, 0 to 9 and a to z');

/**
 * The answers of a trial in compact form, from which `unpackPredictions` makes them again exactly. 400 rows with a few
 * labels take less than a kilobyte.
 */
export const packedPredictionsSchema = z.strictObject({
  count: z.number().int().min(0),
  /**
   * Absent where ids are 0, 1, 2 and so on. For id paths of whole numbers the first, the distinct steps from one to the
   * next, and which step was taken; else the list.
   */
  ids: z
    .union([
      z.array(z.string()),
      z.strictObject({ first: z.string(), steps: z.array(z.string()), taken: indexesSchema }),
    ])
    .optional(),
  /** The distinct answers, predicted or right, sorted. */
  answers: z.array(z.string()),
  predicted: indexesSchema,
  /** The right answers; absent where no item has one. */
  gold: indexesSchema.optional(),
  /** sha256 of the scores of the answers, which lie in a file of their own; absent where they have none. */
  scoresHash: z.string().optional(),
});
/** Predictions as a record keeps them: each distinct answer once, and for each row the answer's index. */
export type PackedPredictions = z.infer<typeof packedPredictionsSchema>;

/** Predictions without their scores, as a record keeps them; `unpackPredictions` gives them back. */
export function packPredictions(predictions: readonly Answer[]): PackedPredictions {
  const golds = predictions.map(({ gold }) => gold);
  const known = predictions.flatMap(({ predicted, gold }) => (gold === undefined ? [predicted] : [predicted, gold]));
  const answers = [...new Set(known)].sort();
  const ids = packIds(predictions.map(({ id }) => id));
  return {
    count: predictions.length,
    ...(ids === undefined ? {} : { ids }),
    answers,
    predicted: packIndexes(
      predictions.map(({ predicted }) => predicted),
      answers,
    ),
    ...(golds.every((gold) => gold === undefined) ? {} : { gold: packIndexes(golds, answers) }),
  };
}

/** @throws RangeError when the parts do not belong together, as in a record changed by hand */
export function unpackPredictions({ count, ids, answers, predicted, gold }: PackedPredictions): Answer[] {
  const names = unpackIds(ids, count);
  const given = unpackIndexes(predicted, answers, count);
  const right = gold === undefined ? [] : unpackIndexes(gold, answers, count);
  return names.map((id, index) => {
    const own = given[index];
    if (own === undefined) throw new RangeError(`predictions: item ${index} has no answer`);
    const answer = right[index];
    return { id, predicted: own, ...(answer === undefined ? {} : { gold: answer }) };
  });
}

function packIndexes(values: readonly (string | undefined)[], list: readonly string[]): string {
  const places = new Map(list.map((value, place) => [value, place]));
  const width = widthOf(list);
  const digits = (value: string) => places.get(value)!.toString(base).padStart(width, '0');
  return values.map((value) => (value === undefined ? absent.repeat(width) : digits(value))).join('');
}

function unpackIndexes(indexes: string, list: readonly string[], count: number): (string | undefined)[] {
  const width = widthOf(list);
  if (indexes.length !== count * width) {
    throw new RangeError(`predictions: expected ${count} indexes, got ${indexes.length / width}`);
  }
  return Array.from({ length: count }, (_, item) => {
    const digits = indexes.slice(item * width, (item + 1) * width);
    if (digits === absent.repeat(width)) return undefined;
    const value = list[Number.parseInt(digits, base)];
    if (value === undefined) throw new RangeError(`predictions: there is no value ${digits} of ${list.length}`);
    return value;
  });
}

/** Digits of a list's last index. */
const widthOf = (list: readonly string[]) => Math.max(0, list.length - 1).toString(base).length;

function packIds(ids: readonly string[]): PackedPredictions['ids'] {
  if (ids.every((id, index) => id === String(index))) return undefined;
  const paths = ids.map(pathOf);
  const [first] = paths;
  if (paths.some((path) => path === undefined || path.length !== first!.length)) return [...ids];
  const taken = paths.slice(1).map((path, index) => path!.map((part, level) => part - paths[index]![level]!).join());
  const steps = [...new Set(taken)];
  return { first: ids[0]!, steps, taken: packIndexes(taken, steps) };
}

/** `12-3-40` as numbers; undefined where that text would not come back from them. */
function pathOf(id: string): readonly number[] | undefined {
  const parts = id.split('-').map(Number);
  return parts.every((part) => Number.isSafeInteger(part)) && parts.join('-') === id ? parts : undefined;
}

function unpackIds(ids: PackedPredictions['ids'], count: number): string[] {
  if (ids === undefined) return Array.from({ length: count }, (_, index) => String(index));
  if (Array.isArray(ids)) {
    if (ids.length !== count) throw new RangeError(`predictions: expected ${count} ids, got ${ids.length}`);
    return ids;
  }
  let path = ids.first.split('-').map(Number);
  const names = [ids.first];
  for (const step of unpackIndexes(ids.taken, ids.steps, count - 1)) {
    const change = step?.split(',').map(Number);
    if (change?.length !== path.length) throw new RangeError(`predictions: no step of ids: ${step}`);
    path = path.map((part, level) => part + change[level]!);
    names.push(path.join('-'));
  }
  return names;
}

/** Digits kept of an answer's scores: enough to compare and to calibrate, half the bytes of a full double. */
const scoreDigits = 6;

/** The scores of each answer as JSON lines, `null` for one without; undefined where none has scores. */
export function scoresText(predictions: readonly { readonly scores?: readonly number[] }[]): string | undefined {
  if (predictions.every(({ scores }) => scores === undefined)) return undefined;
  const rounded = predictions.map(({ scores }) => scores?.map((score) => Number(score.toPrecision(scoreDigits))));
  return rounded.map((scores) => `${JSON.stringify(scores ?? null)}\n`).join('');
}

/** Reads `scoresText` back: scores by item, in the order of the predictions. */
export function parseScores(text: string): (readonly number[] | null)[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => z.array(z.number()).nullable().parse(JSON.parse(line)));
}

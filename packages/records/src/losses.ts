import { z } from 'zod';

/** Digits by which every float32 is known again: `Math.fround` of what is read gives the loss's own bits. */
const floatDigits = 9;

/**
 * The loss of each step of a training as JSON lines, in order, `null` for one that is not finite; undefined where there
 * was no step.
 */
export function lossesText(losses: readonly number[]): string | undefined {
  if (losses.length === 0) return undefined;
  return losses.map((loss) => `${JSON.stringify(Number(loss.toPrecision(floatDigits)))}\n`).join('');
}

/** Reads `lossesText` back: the loss of step 1, of step 2, and so on. */
export function parseLosses(text: string): (number | null)[] {
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => z.number().nullable().parse(JSON.parse(line)));
}

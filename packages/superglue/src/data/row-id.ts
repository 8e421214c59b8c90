import { z } from 'zod';

/** A row id: an integer, or one written as a string, as some copies of RTE-like files have it. */
export const rowId = z.preprocess(
  (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value),
  z.int().min(0),
);

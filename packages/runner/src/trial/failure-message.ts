import { isOutOfMemory, memoryAdvice } from '@attune/engine';

/** What a failed trial's record says: the error, and what would work where memory ran out. */
export function failureMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = `${error.name}: ${error.message}`;
  // The engine's own steps give the advice themselves; reading data and making tensors may run out as well.
  return isOutOfMemory(error) && !error.message.includes(memoryAdvice) ? `${message}; ${memoryAdvice}` : message;
}

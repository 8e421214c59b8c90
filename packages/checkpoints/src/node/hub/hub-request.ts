import { setTimeout as pause } from 'node:timers/promises';
import { ConfigError } from '@attune/base';

/** The connection broke or the hub is busy: another try may do. */
export class CutOff extends Error {
  /** How long the hub asks to be left alone. */
  readonly waitMs: number;

  constructor(message: string, { waitMs = 0, cause }: { readonly waitMs?: number; readonly cause?: unknown } = {}) {
    super(message, { cause });
    this.waitMs = waitMs;
  }
}

/** How often something is tried in all. */
const attempts = 5;
const firstPauseMs = 200;
/** What asks for more than this is told to the user instead. */
const longestWaitMs = 120_000;

/**
 * Tries again after a `CutOff`, waiting longer each time, and as long as the hub asks.
 *
 * @param giveUp  the error after the last try, or when the hub asks for more time than anyone would wait; the tries are
 *   told as in "5 times"
 */
export async function withRetries<Value>(
  attempt: () => Promise<Value>,
  giveUp: (error: CutOff, tries: string) => Promise<Error> | Error,
): Promise<Value> {
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof CutOff)) throw error;
      if (count === attempts || error.waitMs > longestWaitMs) {
        throw await giveUp(error, count === 1 ? 'once' : `${count} times`);
      }
      await pause(Math.max(firstPauseMs * count, error.waitMs));
    }
  }
}

/**
 * Asks the hub, and waits for the beginning of its answer.
 *
 * @throws CutOff when none comes in time or the hub is busy; ConfigError when no such host answers
 */
export async function request(
  url: string,
  headers: Headers | Readonly<Record<string, string>>,
  stallMs: number,
): Promise<Response> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(new CutOff(stalled(stallMs))), stallMs);
  try {
    const response = await fetch(url, { headers, signal: patience.signal });
    if (response.status !== 429 && response.status < 500) return response;
    await response.body?.cancel();
    throw new CutOff(`the hub answered ${response.status}`, { waitMs: waitOf(response) });
  } catch (error) {
    throw error instanceof CutOff ? error : new CutOff(reasonOf(error as Error), { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** The content of an answer as it arrives. @throws CutOff when the connection breaks or nothing comes any more */
export async function* partsOf({ body }: Response, stallMs: number): AsyncGenerator<Uint8Array> {
  if (body === null) return;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read(), stallMs);
      if (done) return;
      yield value;
    }
  } catch (error) {
    if (error instanceof CutOff || error instanceof ConfigError) throw error;
    throw new CutOff(reasonOf(error as Error), { cause: error });
  } finally {
    // What was not read is not wanted any more; the connection would stay open for it.
    void reader.cancel().catch(() => {});
  }
}

async function inTime<Value>(value: Promise<Value>, stallMs: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CutOff(stalled(stallMs))), stallMs);
  });
  return Promise.race([value, late]).finally(() => clearTimeout(timer));
}

const stalled = (stallMs: number) => `nothing came for ${stallMs / 1000} s`;

/** The header Retry-After: seconds, or a date. */
function waitOf({ headers }: Response): number {
  const text = headers.get('retry-after') ?? '';
  const ms = /^\d+$/.test(text) ? 1000 * Number(text) : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

/** `; it asks to come back in 3600 s`, where the hub does. */
export function laterText({ waitMs }: CutOff): string {
  return waitMs > 0 ? `; it asks to come back in ${Math.ceil(waitMs / 1000)} s` : '';
}

/** What went wrong with a connection. */
export function reasonOf({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

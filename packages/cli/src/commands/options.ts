import { type Command, InvalidArgumentError } from 'commander';

/** How a command's action tells the exit code, since commander passes no result on. */
export type SetExitCode = (code: number) => void;

/** Adds `--offline` to a command: of the hub only what is in its cache. Worker processes are told as well. */
export function withOffline(command: Command): Command {
  return command
    .option('--offline', "take the hub's models from its cache alone (as HF_HUB_OFFLINE=1 does)")
    .hook('preAction', (_, action) => {
      if (action.opts<{ readonly offline?: boolean }>().offline === true) process.env.HF_HUB_OFFLINE = '1';
    });
}

/** Names of an option, `a,b`. @throws InvalidArgumentError when one is empty */
export function parseNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.some((name) => name === '')) throw new InvalidArgumentError('Expected names separated by commas.');
  return names;
}

/** Seeds of an option, `1,2,3`. @throws InvalidArgumentError for anything but whole numbers of at most 2^53 - 1 */
export function parseSeeds(text: string): number[] {
  return text.split(',').map((part) => {
    if (!/^\s*\d+\s*$/.test(part)) throw new InvalidArgumentError('Expected whole numbers separated by commas.');
    if (!Number.isSafeInteger(Number(part))) {
      throw new InvalidArgumentError(
        `Expected seeds in the safe integer range, 0 to ${Number.MAX_SAFE_INTEGER}, got ${part.trim()}.`,
      );
    }
    return Number(part);
  });
}

/** A whole number, at least 1. @throws InvalidArgumentError for anything else */
export function parseCount(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('Expected a whole number, at least 1.');
  return Number(text);
}

/** A whole number of MiB, 0 allowed, as bytes. @throws InvalidArgumentError for anything else */
export function parseMebibytes(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected a whole number of MiB, at least 0.');
  return Number(text) * 2 ** 20;
}

/** A share, at least 0 and below 1. @throws InvalidArgumentError for anything else */
export function parseRate(text: string): number {
  const rate = Number(text);
  if (text.trim() === '' || !(rate >= 0 && rate < 1)) {
    throw new InvalidArgumentError('Expected a number of at least 0 and below 1.');
  }
  return rate;
}

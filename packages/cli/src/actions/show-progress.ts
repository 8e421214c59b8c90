import { barProgress, lineProgress, type ProgressListener } from '@attune/runner/node';
import { say } from '../say.ts';

/** What happens, on the standard output: a bar in a terminal, lines in a pipe; nothing but the outcome when `quiet`. */
export function showProgress({ quiet = false }: { readonly quiet?: boolean | undefined } = {}): ProgressListener {
  if (quiet) return silent;
  return process.stdout.isTTY ? barProgress(process.stdout) : lineProgress(say);
}

const silent: ProgressListener = {
  start: () => {},
  trialStarted: () => {},
  trialProgressed: () => {},
  trialEnded: () => {},
  stop: () => {},
};

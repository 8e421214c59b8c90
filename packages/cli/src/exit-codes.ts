/** What the shell gets; shown by `attune --help`. */
export const exitCodes = {
  ok: 0,
  /** Trials failed or diverged; all others have their records and the report is written. */
  trialsFailed: 1,
  /** A mistake in a configuration, an option, data, a model directory or the output folder. */
  badInput: 2,
  /** An error that is not the user's. */
  unexpected: 3,
  interrupted: 130,
} as const;

/** The exit codes in words, for help texts. */
export const exitCodesHelp = `
Exit codes:
  0    everything is done
  1    some trials failed or diverged; the others are recorded and the report is written
  2    a mistake in a configuration, an option, data, a model directory or the output folder
  3    an unexpected error
  130  interrupted; run the same command again to go on`;

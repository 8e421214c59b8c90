import { type ExperimentRecord, listedName, mergeListings } from '@attune/records';

/** What an experiment says of itself; the store adds its trials and their records. */
export type Description = Omit<ExperimentRecord, 'schemaVersion' | 'trials' | 'hash'>;

/** What experiment.json has beside its format and hash. */
export type Listing = Omit<ExperimentRecord, 'schemaVersion' | 'hash'>;

/** What a process lists, and how the command that runs the whole of a listing is made. */
export interface ListCall {
  /** Whether the trials are a part of the experiment: then what the folder lists beyond them stays. */
  readonly isPart: boolean;
  readonly commandFor: (whole: Description) => string;
}

/** A process's own list. */
export type OwnList = ListCall & { readonly listing: Listing };

/** What the folder lists, with a process's trials in place of those that have their names. */
export function merged(known: Listing, { listing, commandFor }: OwnList): Listing {
  const whole = mergeListings(known, listing);
  return { ...whole, command: commandOf({ known, listing, whole, commandFor }) };
}

/** What the folder lists, with those of a process's trials whose names are not there. */
export function joined(known: Listing, { listing, commandFor }: OwnList): Listing {
  const names = new Set(known.trials.map(listedName));
  const absent = listing.trials.filter((trial) => !names.has(listedName(trial)));
  if (absent.length === 0) return known;
  const { models, arms, tasks, seeds } = listing;
  const whole = mergeListings(known, { ...known, models, arms, tasks, seeds, trials: absent });
  return { ...whole, command: commandOf({ known, listing, whole, commandFor }) };
}

/** The trials of a list as if none had a record. */
export function withoutHashes(listing: Listing): Listing {
  return { ...listing, trials: listing.trials.map((trial) => ({ ...trial, hash: null })) };
}

/** The command of a merged listing: of either part that has all its trials, else a new one. */
function commandOf(call: {
  readonly known: Listing;
  readonly listing: Listing;
  readonly whole: Listing;
  readonly commandFor: (whole: Description) => string;
}): string {
  const { known, listing, whole, commandFor } = call;
  const complete = [known, listing].find(({ trials }) => trials.length === whole.trials.length);
  return complete?.command ?? commandFor(whole);
}

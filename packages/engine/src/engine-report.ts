import type { EngineName } from './contract.ts';

/** What `attune doctor` says about one engine. */
export interface EngineReport {
  readonly name: EngineName;
  readonly available: boolean;
  /** Version of the library that computes, when it is installed. */
  readonly version?: string;
  /** Where it computes, when it is available. */
  readonly device?: string;
  /** Why it is not available. */
  readonly reason?: string;
  /** What would make it available. */
  readonly fix?: string;
}

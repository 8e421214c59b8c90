import type { EngineName } from './contract.ts';

/** What `attune doctor` says about one engine. */
export interface EngineReport {
  readonly name: EngineName;
  readonly available: boolean;
  /** Version of the library that computes, when it is installed. */
  readonly version?: string;
  /** Where it computes, when it is available; unless asked otherwise, where there is a choice. */
  readonly device?: string;
  /** The choice of devices, where there is one. */
  readonly devices?: readonly DeviceReport[];
  /** Why it is not available. */
  readonly reason?: string;
  /** What would make it available. */
  readonly fix?: string;
}

/** What `attune doctor` says about one device of an engine. */
export interface DeviceReport {
  readonly name: string;
  readonly available: boolean;
  /** The runtime's own words why not. */
  readonly reason?: string;
  readonly fix?: string;
}

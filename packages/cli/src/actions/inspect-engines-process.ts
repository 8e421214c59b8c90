import { availableEngines, selectEngine } from '@attune/engine';
import type { Inspected } from './inspect-engines.ts';

/** The entry of the process that tries the engines, see `inspectEngines`. */

const reports = await availableEngines();
const chosen = await selectEngine().catch(() => undefined);
const inspected: Inspected = { reports, ...(chosen === undefined ? {} : { chosen: chosen.name }) };
await chosen?.dispose();
process.send?.(inspected, undefined, undefined, () => process.disconnect());

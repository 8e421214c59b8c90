/** Every task of this package, one line each: what stands here is exported, listed and known to the command line. */

export { boolq } from './boolq.ts';
export { cb } from './cb.ts';
export { copa } from './copa.ts';
export { axb, axg } from './diagnostics.ts';
export { multirc } from './multirc.ts';
export { record } from './record.ts';
export { rte } from './rte.ts';
export { wic } from './wic.ts';
export { wsc } from './wsc.ts';

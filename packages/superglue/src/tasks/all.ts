/** Every task of this package, one line each: what stands here is exported, listed and known to the command line. */
export { axb } from './axb.ts';
export { axg } from './axg.ts';
export { type BoolqRow, boolq } from './boolq.ts';
export { type CbRow, cb } from './cb.ts';
export { type CopaRow, copa } from './copa.ts';
export { type MultircRow, multirc } from './multirc.ts';
export { record } from './record.ts';
export { type RteRow, rte } from './rte.ts';
export { type WicRow, wic } from './wic.ts';
export { wsc } from './wsc.ts';

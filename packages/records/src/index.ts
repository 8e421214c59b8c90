export * from './canonical-json.ts';
export * from './experiment-record.ts';
export * from './predictions.ts';
export { type Proof, proofSchema } from './proof.ts';
export * from './record-file.ts';
export * from './trial-record.ts';

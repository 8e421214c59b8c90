export * from './trial-record.ts';

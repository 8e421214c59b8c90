export { type ArmRecord, type ExperimentResults, orderRecords, RecordError, readRecords } from './read-records.ts';
export { resultsCsv } from './results-csv.ts';
export { type TerminalOptions, terminalNotes, terminalTable } from './terminal-table.ts';
export { ReportError, type ReportOptions, renderReport, writeReport } from './write-report.ts';

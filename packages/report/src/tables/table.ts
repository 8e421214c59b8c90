/** A table as data; Markdown, HTML and terminal render the same one. */
export interface Table {
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Sentences below the table. */
  readonly notes: readonly string[];
}

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

export interface Row {
  /** The first cell names the row. */
  readonly cells: readonly Cell[];
  /** A reference row, set apart from the rows that compete. */
  readonly reference?: boolean;
  /** Index of the arm whose colour the figures use. */
  readonly arm?: number;
}

export interface Cell {
  readonly text: string;
  /** Spread or remark after the value, shown smaller. */
  readonly detail?: string;
  /** Best of its column, or not above a reference row. */
  readonly mark?: 'best' | 'low';
}

export const left = (title: string): Column => ({ title, align: 'left' });
export const right = (title: string): Column => ({ title, align: 'right' });
export const text = (value: string): Cell => ({ text: value });

import type { Figure } from '../figures/theme.ts';
import type { Table } from '../tables/table.ts';

/** A report as data; Markdown and HTML render the same one. */
export interface Page {
  readonly title: string;
  readonly question: string;
  /** Sentences; the first is the result. */
  readonly summary: readonly string[];
  readonly sections: readonly Section[];
}

/** A part of the page with a heading that links can point to. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** What a section is made of. */
export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'command'; readonly command: string }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | { readonly kind: 'table'; readonly table: Table }
  /** A table that a reader opens when they want it. */
  | { readonly kind: 'folded-table'; readonly table: Table }
  | { readonly kind: 'figure'; readonly figure: RenderedFigure };

/** A term and what is known under it, one line each. */
export interface Fact {
  readonly term: string;
  readonly values: readonly string[];
}

/** A figure with its drawing. */
export interface RenderedFigure extends Figure {
  readonly svg: string;
}

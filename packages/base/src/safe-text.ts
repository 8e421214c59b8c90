/**
 * Text from data, files and configuration, made safe for where it is shown. Each medium has its function here, and
 * nothing else escapes: what acts instead of being shown (escape sequences of a terminal, formulas, markup) is written
 * out, ordinary text stays as it is.
 */

/**
 * Control characters of C0 and C1, line and paragraph separators, and the characters that reorder what follows them
 * (embeddings, overrides and isolates; marks beside a letter stay), with which a text can look like another one.
 * Lone surrogates too: no encoding has them.
 */
const acting = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const escaped = (character: string): string =>
  short[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Text of several lines for a terminal or a page: what acts is written as in JSON, but for line feeds and tabs. */
export function shownText(text: string): string {
  return text.replace(acting, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  );
}

/** Text of one line: as `shownText`, line feeds and tabs written out as well, so that no value begins a line. */
export function shownLine(text: string): string {
  return text.replace(acting, escaped);
}

/** What spreadsheets read as the beginning of a formula, in their fonts' wide forms too. */
const formula = /^\s*[=+\-@＝＋－＠]/;

/** Text for a cell of CSV, yet to be quoted: one line, and no formula: an apostrophe before it makes it text. */
export function csvText(text: string): string {
  const line = shownLine(text);
  return formula.test(line) ? `'${line}` : line;
}

/** Text for content and attributes of HTML, XML and SVG. */
export function htmlText(text: string): string {
  return shownText(text).replace(/[&<>"]/g, (character) => entities[character]!);
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for a line of Markdown, also in its tables: nothing in it is markup, a line feed is a space. */
export function markdownText(text: string): string {
  return shownLine(text.trim().replace(/\s*[\n\r\u2028\u2029]\s*/g, ' '))
    .replace(/[\\`*_[\]|<>~$]|&(?=#?\w+;)/g, '\\$&')
    .replace(/^([-+]|#{1,6})(?=\s|$)|^[-=]+$/, '\\$&')
    .replace(/(?<=\s)#+$/, '\\$&')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}

/** A line set as code in Markdown, not in a table. */
export function markdownCode(text: string): string {
  const line = shownLine(text);
  const ticks = '`'.repeat(1 + longestRun(line));
  const space = line === '' || /^`|`$|^ .* $/.test(line) ? ' ' : '';
  return `${ticks}${space}${line}${space}${ticks}`;
}

/** A line set as code in a table of Markdown, where a bar would end the cell. */
export function markdownCellCode(text: string): string {
  return text.includes('|') ? `<code>${markdownText(text)}</code>` : markdownCode(text);
}

/** A block of code in Markdown: no line of the text ends it. */
export function markdownBlock(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, 1 + longestRun(text)));
  return `${fence}${language}\n${shownText(text).replace(/\n$/, '')}\n${fence}`;
}

const longestRun = (text: string): number =>
  [...text.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 0);

/**
 * A value as JSON, which JavaScript and Python read as a literal too where it holds strings, numbers and arrays; what
 * acts within is escaped, so the same value is read.
 *
 * @param indent  spaces for each level; one line when absent
 */
export function codeLiteral(value: unknown, indent?: number): string {
  return shownText(JSON.stringify(value, null, indent));
}

/** A word of a command for a POSIX shell, quoted where it is more than a plain word. */
export function shellWord(text: string): string {
  return /^[\w./,@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  codeLiteral,
  csvText,
  htmlText,
  markdownBlock,
  markdownCellCode,
  markdownCode,
  markdownText,
  shellWord,
  shownLine,
  shownText,
} from './safe-text.ts';

const red = '\u001b[31m';
const codes = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('shownText and shownLine', () => {
  it.each([
    [`${red}red`, '\\u001b[31mred'],
    ['\u009b2J\u0085\u007f', '\\u009b2J\\u0085\\u007f'],
    ['a\u202etxt.exe\u2066b\u2069', 'a\\u202etxt.exe\\u2066b\\u2069'],
    ['\u2028\u2029\ud800', '\\u2028\\u2029\\ud800'],
    ['one\r\ntwo\tthree', 'one\\r\\ntwo\\tthree'],
  ])('write out what acts: %j', (text, line) => {
    expect(shownLine(text)).toBe(line);
    expect(shownText(text)).toBe(line.replaceAll('\\n', '\n').replaceAll('\\t', '\t'));
  });

  it('leave what is only shown: letters of any script, marks beside them, joiners, emoji', () => {
    const text = 'née שלום\u200f مرحبا می\u200cخواهم 👩\u200d👧 \ufeffx';
    expect([shownText(text), shownLine(text)]).toEqual([text, text]);
  });

  it('let no control character through', () => {
    const all = String.fromCharCode(...codes(0, 31), ...codes(127, 159), ...codes(0x202a, 0x202e));
    expect(shownLine(all)).toMatch(/^[ -~]+$/);
  });
});

describe('csvText', () => {
  it.each(['=1+1|cmd', '+1', '-1', '@SUM(A1)', '＝1', ' =1', '\u00a0=1'])('makes no formula of %j', (text) => {
    expect(csvText(text)).toBe(`'${text}`);
  });

  it('leaves other text, and writes out what acts', () => {
    expect(['full', 'a=b', '1-2', "'"].map(csvText)).toEqual(['full', 'a=b', '1-2', "'"]);
    expect(['\t=1', `${red}=`].map(csvText)).toEqual(['\\t=1', '\\u001b[31m=']);
  });
});

describe('htmlText', () => {
  it('writes out markup and what XML does not allow', () => {
    expect(htmlText(`<b title="x">&${red}</b>`)).toBe('&lt;b title=&quot;x&quot;&gt;&amp;\\u001b[31m&lt;/b&gt;');
  });
});

describe('markdownText', () => {
  it.each([
    [
      '<script>*a*_b_`c`[d](e)|~~f~~$g$</script>',
      '\\<script\\>\\*a\\*\\_b\\_\\`c\\`\\[d\\](e)\\|\\~\\~f\\~\\~\\$g\\$\\</script\\>',
    ],
    ['a\\|b', 'a\\\\\\|b'],
    ['&lt;b&gt; &#60; a & b', '\\&lt;b\\&gt; \\&#60; a & b'],
    ['# head', '\\# head'],
    ['head #', 'head \\#'],
    ['- item', '\\- item'],
    ['1. item', '1\\. item'],
    ['---', '\\---'],
    ['a\n\n<b>\r# c', 'a \\<b\\> # c'],
    ['    code', 'code'],
    [`${red}`, '\\\\u001b\\[31m'],
  ])('has nothing to be read as markup: %j', (text, markdown) => expect(markdownText(text)).toBe(markdown));

  it.each(['full-fine-tuning', '−1.2 to +3.4', '84.6', '2 (#1)', 'a & b'])('leaves %s as it is', (text) =>
    expect(markdownText(text)).toBe(text),
  );
});

describe('code in Markdown', () => {
  it.each([
    ['rank', '`rank`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['', '`  `'],
    ['a\nb', '`a\\nb`'],
  ])('is one span: %j', (text, markdown) => expect(markdownCode(text)).toBe(markdown));

  it('ends no cell of a table', () => {
    expect(markdownCellCode('a')).toBe('`a`');
    expect(markdownCellCode('a|<b>')).toBe('<code>a\\|\\<b\\></code>');
  });

  it('has a fence that no line of it ends', () => {
    const text = `run \n\`\`\`\n<img>\n\`\`\`\`\`\n${red}`;
    expect(markdownBlock(text, 'sh')).toBe('``````sh\nrun \n```\n<img>\n`````\n\\u001b[31m\n``````');
    expect(markdownBlock('run\n', 'sh')).toBe('```sh\nrun\n```');
  });
});

describe('codeLiteral', () => {
  it('is read as the same value and has nothing that acts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const literal = codeLiteral([text]);
        expect(JSON.parse(literal)).toEqual([text]);
        expect(shownLine(literal)).toBe(literal);
      }),
    );
    expect(codeLiteral('\u202e"\u0085')).toBe('"\\u202e\\"\\u0085"');
  });
});

describe('shellWord', () => {
  it('quotes what a shell would read as more than a word', () => {
    expect(['reports/a-1.json', 'my run', "it's", '$(x)', ''].map(shellWord)).toEqual([
      'reports/a-1.json',
      "'my run'",
      "'it'\\''s'",
      "'$(x)'",
      "''",
    ]);
  });
});

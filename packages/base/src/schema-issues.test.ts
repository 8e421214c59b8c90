import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkWith, describeValue, parseWith } from './schema-issues.ts';
import { trainingSettingsSchema } from './training-settings.ts';

const form = z.strictObject({
  name: z.string(),
  sizes: z.array(z.strictObject({ width: z.int() })).optional(),
  perTask: z.record(z.string(), z.strictObject({ pattern: z.string() })).optional(),
});

describe('checkWith', () => {
  it('says what is wrong with any value in its own words, at a place, or gives it', () => {
    const schemas = [
      form,
      trainingSettingsSchema.partial(),
      z.array(z.union([z.string().min(2), z.int().max(3), z.strictObject({ kind: z.literal('a') })])),
      z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('a'), size: z.int() }),
        z.strictObject({ kind: z.literal('b') }),
      ]),
    ];
    const key = fc.constantFrom('name', 'sizes', 'width', 'perTask', 'kind', 'epochs', 'dropout', 'nam');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, 0, 9, -1.5, 'a', 'b', '', 'text'),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        for (const schema of schemas) {
          const { problems } = checkWith<unknown>(schema, value, 'arms[0]');
          expect(problems === undefined).toBe(schema.safeParse(value).success);
          for (const problem of problems ?? []) {
            expect(problem).toMatch(/^arms\[0\][\w.[\]]*: (expected .+, got .+|unknown key)/);
            expect(problem).not.toMatch(/Invalid|Too small|Too big|undefined|object Object/);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives the value as its schema makes it', () => {
    expect(checkWith(z.strictObject({ rank: z.int().default(8) }), {})).toEqual({ value: { rank: 8 } });
  });

  it.each<[string, z.ZodType, unknown, string]>([
    ['a type', z.string(), 3, 'expected a string, got 3'],
    ['an integer', z.int(), 0.5, 'expected an integer, got 0.5'],
    ['an array', z.array(z.string()), {}, 'expected an array, got {}'],
    ['a record', z.record(z.string(), z.int()), 'x', 'expected an object, got "x" (a string)'],
    ['nothing at all', z.number(), undefined, 'expected a number, got nothing'],
    ['what is no number', z.number(), Number.NaN, 'expected a number, got NaN'],
    ['one literal', z.literal(false), true, 'expected false, got true'],
    ['one of a few', z.enum(['up', 'down']), 'sideways', 'expected one of "up", "down", got "sideways" (a string)'],
    [
      'a mistyped word',
      z.enum(['gelu', 'relu']),
      'glu',
      'expected one of "gelu", "relu", got "glu" (a string); did you mean "gelu"?',
    ],
    ['numbers of a few', z.literal([0, 1]), 2, 'expected one of 0, 1, got 2'],
    ['more than', z.number().positive(), 0, 'expected a number more than 0, got 0'],
    ['at least', z.number().min(0), -1, 'expected a number at least 0, got -1'],
    ['less than', z.number().min(0).lt(1), 1, 'expected a number less than 1, got 1'],
    ['at most', z.number().max(1), 2, 'expected a number at most 1, got 2'],
    ['items', z.array(z.string()).min(1), [], 'expected at least 1 item, got [] (an array)'],
    ['exactly', z.array(z.int()).length(2), [1], 'expected exactly 2 items, got [1] (an array)'],
    ['characters', z.string().min(2), '', 'expected at least 2 characters, got "" (a string)'],
    ['either', z.union([z.string(), z.null()]), 3, 'expected a string or null, got 3'],
    ['a multiple', z.number().multipleOf(2), 3, 'expected a number that must be a multiple of 2, got 3'],
    ['a beginning', z.string().startsWith('x'), 'y', 'expected a string that must start with "x", got "y" (a string)'],
    ['its own words', z.string().refine(() => false, 'expected a name'), 'x', 'expected a name, got "x" (a string)'],
    [
      'its own words',
      z.union([z.string(), z.null()], { error: 'a name or null' }),
      3,
      'expected a name or null, got 3',
    ],
    [
      'a key',
      z.record(z.string().min(2), z.int()),
      { a: 1 },
      'a: expected a key that is at least 2 characters, got "a" (a string)',
    ],
    [
      'a form by its name',
      z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]),
      { kind: 'c' },
      'kind: expected one of "a", "b", got "c" (a string)',
    ],
    [
      'a part of one form',
      z.union([z.string(), z.object({ a: z.int() })]),
      { a: 'x' },
      'a: expected a number, got "x" (a string)',
    ],
    [
      'parts of several forms',
      z.union([z.object({ a: z.int() }), z.object({ b: z.int() })]),
      {},
      'expected one of the allowed forms, got {}',
    ],
  ])('says what was expected and given: %s', (_title, schema, value, sentence) => {
    expect(checkWith(schema, value)).toEqual({ problems: [sentence] });
  });

  it('knows the keys of the form that a value has', () => {
    const forms = z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('a').default('a'), depth: z.int().optional() }),
      z.strictObject({ kind: z.literal('b'), width: z.int().optional() }),
    ]);
    const value = [{ kind: 'b', wdth: 1 }, { dept: 1 }];
    expect(checkWith(z.array(forms), value).problems).toEqual([
      '[0].wdth: unknown key "wdth"; did you mean "width"? Known: kind, width',
      '[1].dept: unknown key "dept"; did you mean "depth"? Known: kind, depth',
    ]);
  });

  it('lists everything, with its path under the place, and near names for unknown keys', () => {
    const value = { nmae: 'x', sizes: [{ width: 1 }, { width: '2', hight: 3 }], perTask: { rte: { patern: 'a' } } };
    expect(checkWith(form, value, 'arms[1]').problems).toEqual([
      'arms[1].name: expected a string, got nothing',
      'arms[1].sizes[1].width: expected a number, got "2" (a string)',
      'arms[1].sizes[1].hight: unknown key "hight". Known: width',
      'arms[1].perTask.rte.pattern: expected a string, got nothing',
      'arms[1].perTask.rte.patern: unknown key "patern"; did you mean "pattern"? Known: pattern',
      'arms[1].nmae: unknown key "nmae"; did you mean "name"? Known: name, sizes, perTask',
    ]);
  });
});

it('parseWith refuses with every problem, indented', () => {
  expect(parseWith(form, { name: 'x' }, 'unused')).toEqual({ name: 'x' });
  expect(() => parseWith(form, { sizes: 3 }, 'form.json: not a usable form')).toThrow(
    'form.json: not a usable form\n  name: expected a string, got nothing\n  sizes: expected an array, got 3',
  );
});

it('describeValue has at most 60 characters, and the kind where it may be overlooked', () => {
  const endless: unknown[] = [];
  endless.push(endless);
  expect([8, '8', [8], null, undefined, 8n, () => 8, endless].map(describeValue)).toEqual([
    ...['8', '"8" (a string)', '[8] (an array)', 'null', 'nothing', 'a bigint', 'a function', 'an array'],
  ]);
  expect(describeValue('x'.repeat(90))).toBe(`"${'x'.repeat(56)}... (a string)`);
});

it('needs no tensors, since a report uses it too', () => {
  const importsOf = (file: string) =>
    [...readFileSync(new URL(file, import.meta.url), 'utf8').matchAll(/from '(.*)'/g)].map(([, module]) => module);
  expect(importsOf('./schema-issues.ts')).toEqual(['zod', './errors.ts', './safe-text.ts']);
  expect(importsOf('./errors.ts')).toEqual(['fastest-levenshtein', './safe-text.ts']);
  expect(importsOf('./safe-text.ts')).toEqual([]);
});

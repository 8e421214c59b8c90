import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, packPredictions, parseScores, scoresText, unpackPredictions } from './predictions.ts';

const bytes = (answers: readonly Answer[]) => JSON.stringify(packPredictions(answers)).length;
const list = (count: number, answer: (index: number) => Answer) => Array.from({ length: count }, (_, at) => answer(at));

const label = (index: number) => (index % 3 === 0 ? 'entailment' : 'not_entailment');
const labelled = list(400, (index) => ({ id: String(index), predicted: label(index), gold: label(index * 7) }));
/** MultiRC: 80 passages of five questions with two answers each, whose ids count through the whole split. */
const paths = list(800, (index) => ({
  id: [Math.floor(index / 10), Math.floor(index / 2), index].join('-'),
  predicted: String(index % 2),
  gold: String(index % 5 === 0 ? 1 : 0),
}));
/** ReCoRD: entities, of which the right one nearest to the answer is the gold one. */
const entities = list(400, (index) => ({
  id: String(10_000 + 3 * index + (index % 3)),
  predicted: `Entity ${(index * 31) % 120}`,
  gold: `Entity ${(index * 17) % 120}`,
}));
const unanswered = [
  { id: 't5', predicted: 'yes' },
  { id: 't6', predicted: 'no "$&"', gold: 'maybe' },
];

describe('packPredictions', () => {
  it.each<[string, readonly Answer[]]>([
    ['labels', labelled],
    ['id paths', paths],
    ['many answers', entities],
    ['ids that are no numbers, and an item without a right answer', unanswered],
    ['none', []],
    ['one', [{ id: '7', predicted: 'x' }]],
  ])('keeps %s', (_what, answers) => {
    expect(unpackPredictions(JSON.parse(JSON.stringify(packPredictions(answers))))).toEqual(answers);
  });

  it('keeps any answers', () => {
    const id = fc.oneof(
      fc.nat(30).map(String),
      fc.string(),
      fc.tuple(fc.nat(9), fc.nat(9)).map((path) => path.join('-')),
    );
    const text = fc.oneof(fc.constantFrom('a', 'b'), fc.string());
    const answer = fc.record({ id, predicted: text, gold: text }, { requiredKeys: ['id', 'predicted'] });
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 60 }), (answers) => {
        expect(unpackPredictions(packPredictions(answers))).toEqual(answers);
      }),
    );
  });

  it('can be read: a digit for each answer, in the order of the rows', () => {
    const answers = ['false', 'true', 'true'].map((predicted, index) => ({
      id: String(index),
      predicted,
      gold: 'true',
    }));
    expect(packPredictions(answers)).toEqual({ count: 3, answers: ['false', 'true'], predicted: '011', gold: '111' });
    expect(packPredictions(paths.slice(0, 4)).ids).toEqual({ first: '0-0-0', steps: ['0,0,1', '0,1,1'], taken: '010' });
  });

  it.each<[string, readonly Answer[], number]>([
    ['400 rows with labels', labelled, 1000],
    ['400 questions of two answers', paths, 3000],
    ['400 queries with 120 entities', entities, 4000],
  ])('is small: %s', (_what, answers, limit) => {
    expect(bytes(answers)).toBeLessThan(limit);
  });

  it.each([
    ['an answer too few', { count: 3 }, 'predictions: expected 3 indexes, got 2'],
    ['an index beyond the list', { predicted: '02' }, 'predictions: there is no value 2 of 2'],
    ['an item without an answer', { predicted: '0-' }, 'predictions: item 1 has no answer'],
    ['ids that are too few', { ids: ['a'] }, 'predictions: expected 2 ids, got 1'],
    ['a step of other length', { ids: { first: '0-0', steps: ['1'], taken: '0' } }, 'predictions: no step of ids: 1'],
  ])('refuses %s', (_what, change, message) => {
    const packed = { count: 2, answers: ['a', 'b'], predicted: '01', ...change };
    expect(() => unpackPredictions(packed)).toThrow(new RangeError(message));
  });
});

describe('scoresText', () => {
  it('has a line for each answer, six digits of each score, and is read back', () => {
    const text = scoresText([{ scores: [1 / 3, -2e-9] }, {}])!;
    expect(text).toBe('[0.333333,-2e-9]\nnull\n');
    expect(parseScores(text)).toEqual([[0.333333, -2e-9], null]);
  });

  it('is nothing where no answer has scores', () => {
    expect(scoresText([{}, {}])).toBeUndefined();
  });
});

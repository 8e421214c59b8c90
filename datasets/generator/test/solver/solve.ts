import { nounClasses } from '../../src/ontology/qualities.ts';
import { uses } from '../../src/ontology/uses.ts';
import type { World } from '../../src/world.ts';
import { follows, solveCb } from './entailment.ts';
import { match, stageOf, topicOf, type Words, wordsIn, wordsOf } from './words.ts';

type Row = Readonly<Record<string, unknown>>;
/** The label of a row; for MultiRC one for each answer, for ReCoRD the entity. */
type Solve = (row: Row) => unknown;

const texts = (row: Row, ...keys: string[]): string[] => keys.map((key) => String(row[key]));

/** Answers every task by reading a row's text with the ontology, as someone would who knows the world. */
export function createSolvers(world: World): Readonly<Record<string, Solve>> {
  const words = wordsOf(world);
  const rte: Solve = ({ premise, hypothesis }) => verdict(String(premise), String(hypothesis), words);
  return {
    BoolQ: (row) => solveBoolq(...(texts(row, 'passage', 'question') as [string, string]), words),
    CB: (row) => solveCb(...(texts(row, 'premise', 'hypothesis') as [string, string]), words),
    COPA: solveCopa,
    MultiRC: (row) => solveMultirc(row, words),
    ReCoRD: (row) => solveRecord(row, words),
    RTE: rte,
    WiC: (row) => new Set(texts(row, 'sentence1', 'sentence2').map(topicOf)).size === 1,
    WSC: solveWsc,
    'AX-b': ({ sentence1, sentence2 }) => verdict(String(sentence1), String(sentence2), words),
    'AX-g': rte,
  };
}

const verdict = (premise: string, hypothesis: string, words: Words): string =>
  follows(premise, hypothesis, words) ? 'entailment' : 'not_entailment';

function solveBoolq(passage: string, question: string, { groupOf }: Words): boolean {
  const asked = uses.find(({ questions }) =>
    questions.some((form) => new RegExp(`^${form.replace('{p}', '\\w+')}$`).test(question)),
  )!;
  const [find] = match(/(?:found|bought|got|carried home) an? (\p{L}+)/u, passage);
  return groupOf(find!) === asked.group;
}

function solveCopa(row: Row): number {
  const [premise, ...choices] = texts(row, 'premise', 'choice1', 'choice2').map((text) =>
    stageOf(wordsIn(text).at(-1)!),
  );
  const { cycle, stage } = premise!;
  const step = row.question === 'effect' ? 1 : 3;
  return choices.findIndex((choice) => choice.cycle === cycle && choice.stage === (stage + step) % 4);
}

interface Multirc {
  readonly text: string;
  readonly questions: readonly { readonly question: string; readonly answers: readonly { readonly text: string }[] }[];
}

function solveMultirc(row: Row, { groupOf }: Words): number[] {
  const { text, questions } = row.passage as Multirc;
  return questions.flatMap(({ question, answers }) => {
    const [place, trait] = match(/^What was at the (\p{L}+) and (.+)\?$/u, question);
    const [a, b] = match(new RegExp(`At the ${place} there was an? (\\w+) and an? (\\w+)\\.`), text);
    const group = uses.find((use) => use.trait === trait)!.group;
    return answers.map((answer) => Number([a, b].includes(answer.text) && groupOf(answer.text) === group));
  });
}

function solveRecord(row: Row, { kindOf }: Words): string {
  const { text, entities } = row.passage as { text: string; entities: { start: number; end: number }[] };
  const [{ query }] = row.qas as [{ query: string }];
  const names = entities.map(({ start, end }) => text.slice(start, end + 1));
  return names.find((name) => wordsIn(query).includes(kindOf(name)!))!;
}

function solveWsc(row: Row): boolean {
  const { span1_text: span } = row.target as { span1_text: string };
  const quality = wordsIn(String(row.text).slice(String(row.text).indexOf(' it was '))).at(-1)!;
  return nounClasses.find(({ qualities }) => qualities.includes(quality))!.nouns.includes(span);
}

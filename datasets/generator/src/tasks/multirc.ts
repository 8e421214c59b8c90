import { capitalize, subject } from '../facts.ts';
import { groups } from '../ontology/kinds.ts';
import type { Random } from '../random.ts';
import { inScope, kindOther, type Person, pickPeople, type Scope, type World } from '../world.ts';
import type { TaskRecipe } from './recipe.ts';

interface Answer {
  readonly text: string;
  readonly label: 0 | 1;
}
interface MultircRow {
  readonly text: string;
  readonly questions: readonly { readonly question: string; readonly answers: readonly Answer[] }[];
}

const buyable = groups.filter((group) => ['animal', 'food', 'tool'].includes(group.name));

/** A visit to a market; what of a kind was bought there. An answer is right when it was bought and is of that kind. */
export const multirc: TaskRecipe<MultircRow> = {
  directory: 'MultiRC',
  sizes: { train: 60, dev: 16, val: 40, test: 20 },
  answers: 1,
  sample({ world, random, scope }) {
    const [person] = pickPeople(world, random, 1, scope) as [Person];
    const [one, two] = random.sample(buyable, 2).map((group) => shop(world, random, group.kinds, scope));
    const [a, b, c, d] = random.sample([...one!.bought, ...two!.bought], 4);
    const name = capitalize(person.name);
    const questions = [one!, two!].map((goods, i) => {
      const others = i === 0 ? two! : one!;
      const wrong = [random.pick(others.bought), goods.notBought];
      const answers = [
        ...goods.bought.map((text) => ({ text, label: 1 as const })),
        ...wrong.map((text) => ({ text, label: 0 as const })),
      ];
      return { question: `Which ${goods.kind} did ${name} buy?`, answers: random.sample(answers, answers.length) };
    });
    return {
      text: `${name} bought a ${a} and a ${b}. Later ${subject(person)} bought a ${c} and a ${d}. `,
      questions,
    };
  },
  key: (row) => row.text,
  tell(row, random) {
    const { question, answers } = random.pick(row.questions);
    const answer = random.pick(answers);
    return `${row.text}Question: ${question} Is it ${answer.text}? ${answer.label === 1 ? 'yes' : 'no'}.`;
  },
  finish(row, ids) {
    const questions = row.questions.map(({ question, answers }) => {
      const idx = ids.nextQuestion();
      const numbered = answers.map(({ text, label }) => {
        const answerIdx = ids.nextAnswer();
        return ids.withAnswers ? { text, idx: answerIdx, label } : { text, idx: answerIdx };
      });
      return { question, answers: numbered, idx };
    });
    return { idx: ids.row, version: 1.1, passage: { text: row.text, questions } };
  },
};

/** Two things of a kind that were bought and one, of that or another kind, that was not. */
function shop(world: World, random: Random, kinds: readonly string[], scope: Scope) {
  const kind = random.pick(kinds);
  const [first, second, third] = random.sample(inScope(world.things.get(kind)!, scope), 3) as [string, string, string];
  const other = random.pick(
    inScope(world.things.get(kindOther(random, groups.find((g) => g.kinds.includes(kind))!, kind))!, scope),
  );
  return { kind, bought: [first, second], notBought: random.chance(0.5) ? third : other };
}

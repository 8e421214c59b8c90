import { capitalize, pickStatement, subject } from '../facts.ts';
import { type Group, groups } from '../ontology/kinds.ts';
import { type Person, pickPeople } from '../world.ts';
import type { TaskRecipe } from './recipe.ts';

interface Answer {
  readonly text: string;
  readonly label: 0 | 1;
}
interface MultircRow {
  readonly text: string;
  readonly question: string;
  readonly answers: readonly Answer[];
}

const [animal, food, tool] = ['animal', 'food', 'tool'].map((name) => groups.find((group) => group.name === name)!) as [
  Group,
  Group,
  Group,
];

/** A visit to a market; which of the things seen there are alive? */
export const multirc: TaskRecipe<MultircRow> = {
  directory: 'MultiRC',
  sizes: { train: 100, dev: 30, val: 60, test: 30 },
  answers: 1,
  sample({ world, random, scope }) {
    const [person] = pickPeople(world, random, 1, scope) as [Person];
    const alive = random.pick([1, 2, 2, 3]);
    const seen = new Map<string, Answer>();
    while (seen.size < 4) {
      const label = seen.size < alive ? 1 : 0;
      const text = pickStatement(world, random, label === 1 ? animal : random.pick([food, tool]), scope).thing;
      seen.set(text, seen.get(text) ?? { text, label });
    }
    const answers = random.sample([...seen.values()], 4);
    const [a, b, c, d] = random.sample(answers, 4).map((answer) => answer.text);
    const name = capitalize(person.name);
    return {
      text: `${name} saw a ${a} and a ${b} at the market. Then ${subject(person)} saw a ${c} and a ${d}. `,
      question: random.pick([`Which of them is alive?`, `What did ${name} see that was alive?`]),
      answers,
    };
  },
  key: (row) => row.text,
  tell(row, random) {
    const answer = random.pick(row.answers);
    return `${row.text}Question: ${row.question} Is it ${answer.text}? ${answer.label === 1 ? 'yes' : 'no'}.`;
  },
  finish(row, ids) {
    const idx = ids.nextQuestion();
    const answers = row.answers.map(({ text, label }) => {
      const answerIdx = ids.nextAnswer();
      return ids.withAnswers ? { text, idx: answerIdx, label } : { text, idx: answerIdx };
    });
    const questions = [{ question: row.question, answers, idx }];
    return { idx: ids.row, version: 1.1, passage: { text: row.text, questions } };
  },
};

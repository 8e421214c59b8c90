import { capitalize, pickStatement, withArticles } from '../facts.ts';
import { groupNamed } from '../ontology/kinds.ts';
import { uses } from '../ontology/uses.ts';
import { type Person, pickPeople } from '../world.ts';
import type { SampleCall, TaskRecipe } from './recipe.ts';

interface Answer {
  readonly text: string;
  readonly label: 0 | 1;
}
interface MultircRow {
  readonly text: string;
  readonly question: string;
  readonly answers: readonly Answer[];
}

const places = ['market', 'bridge', 'mill', 'inn'] as const;

/**
 * Four things at two places; the question asks for those of one use at one place. A wrong answer is of another use, or
 * was at the other place. None, one or both answers are right.
 */
export const multirc: TaskRecipe<MultircRow> = {
  directory: 'MultiRC',
  answers: 4,
  sample(call) {
    const { world, random, scope, answer } = call;
    const [person] = pickPeople(world, random, 1, scope) as [Person];
    const asked = random.pick(uses);
    const [here, there] = random.sample(places, 2) as [string, string];
    const at: Record<string, string[]> = { [here]: [], [there]: [] };
    const thing = createThingMaker(call);
    const answers = ([answer & 1, answer >> 1] as (0 | 1)[]).map((label): Answer => {
      const misplaced = label === 0 && random.chance(0.5);
      const text = thing(label === 1 || misplaced ? asked.group : random.pick(othersThan(asked)).group);
      at[misplaced ? there : here]!.push(text);
      return { text, label };
    });
    for (const seen of Object.values(at)) while (seen.length < 2) seen.push(thing(random.pick(uses).group));
    const sentences = random.sample([here, there], 2).map((place) => {
      const [a, b] = random.sample(at[place]!, 2);
      return withArticles(`At the ${place} there was a ${a} and a ${b}.`);
    });
    return {
      text: `${capitalize(person.name)} looked around. ${sentences.join(' ')} `,
      question: `What was at the ${here} and ${asked.trait}?`,
      answers,
    };
  },
  parts: (row) => [row.text, row.question],
  tell(row, random) {
    const answer = random.pick(row.answers);
    const yes = answer.label === 1 ? 'yes' : 'no';
    return `${row.text}. Question: ${row.question} Is it ${answer.text}? ${yes}.`;
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

const othersThan = (asked: (typeof uses)[number]) => uses.filter((use) => use !== asked);

/** Things of a group, never the same twice. */
function createThingMaker({ world, random, scope }: SampleCall) {
  const used = new Set<string>();
  return (group: (typeof uses)[number]['group']): string => {
    for (;;) {
      const { thing } = pickStatement(world, random, groupNamed(group), scope);
      if (!used.has(thing)) {
        used.add(thing);
        return thing;
      }
    }
  };
}

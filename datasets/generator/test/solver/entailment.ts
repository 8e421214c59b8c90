import { deedVerbs } from '../../src/ontology/deeds.ts';
import { kinship } from '../../src/ontology/kin.ts';
import { labours } from '../../src/ontology/labours.ts';
import { clauseVerbs } from '../../src/ontology/verbs.ts';
import { readStatement, type Said } from './statements.ts';
import { match, type Words } from './words.ts';

/** CB: whether the hypothesis is about the clause at all, and what the clause's verb makes of it. */
export function solveCb(premise: string, hypothesis: string, words: Words): string {
  const [about, rest] = match(/^(\p{L}+) (.+)$/u, hypothesis);
  const [verb, person, clause] = match(/\p{L}+ (\p{L}+) that (\p{L}+) (.+)\.$/u, premise);
  const [said, claimed] = [clause, rest].map((text) => readStatement(text!, words)) as [Said, Said];
  if (about !== person!.toLowerCase() || said.thing !== claimed.thing) return 'neutral';
  const isTrue = (clauseVerbs.true as readonly string[]).includes(verb!);
  return isTrue === claimed.positive ? 'entailment' : 'contradiction';
}

/** RTE and its diagnostics: whether the hypothesis follows. */
export function follows(premise: string, hypothesis: string, words: Words): boolean {
  const [text, claim] = [premise, hypothesis].map((sentence) => sentence.slice(0, -1)) as [string, string];
  if (text.includes(' met the ')) return followsFromLabour(text, claim, words);
  if (/ is the \p{L}+ of /u.test(text)) return followsFromKin(text, claim);
  const claimed = readStatement(match(/^\p{L}+ (.+)$/u, claim)[0]!, words);
  if (text.includes(', who ')) {
    const [verb, deed] = match(/^\p{L}+, who .+?, (\p{L}+) to (.+)$/u, text);
    const done = (deedVerbs.done as readonly string[]).includes(verb!);
    const said = readStatement(deed!, words);
    return said.kind === claimed.kind && (done ? claimed.positive : !claimed.positive && said.thing === claimed.thing);
  }
  const [first, second] = match(/^\p{L}+ (.+) and (.+)$/u, text);
  return [first, second].some((said) => readStatement(said!, words).kind === claimed.kind);
}

function followsFromKin(text: string, claim: string): boolean {
  const form = /^(\p{L}+) is the (\p{L}+) of (\p{L}+)$/u;
  const [, said] = match(form, text);
  const [, claimed] = match(form, claim);
  const relation = (word: string) => kinship.find(({ words }) => Object.values(words).includes(word))!;
  return relation(said!).inverse === relation(claimed!).name;
}

function followsFromLabour(text: string, claim: string, { kindOf }: Words): boolean {
  const [first, second, labour] = match(/^The (\p{L}+) met the (\p{L}+) because s?he had to (.+)$/u, text);
  const [who, what] = match(/^The (\p{L}+) had to (.+)$/u, claim);
  const fits = (job: string): boolean => labours[kindOf(job)!]!.includes(labour!);
  const doers = [first!, second!].filter(fits);
  if (doers.length !== 1) throw new Error(`${doers.length} of the two do this: ${text}`);
  return what === labour && who === doers[0];
}

import type { HostTensors, StepEngine } from '@attune/base';
import type { ClozeInstance, InstanceOutput, Model } from '@attune/core';
import type { Tokenizer } from '@attune/tokenizer';
import { createObjective, evaluateModel, paddingOf } from '@attune/training';
import { answerVocabulary, probeInstance } from './probe-instance.ts';
import type { Fact, RelationProbes } from './probes.ts';
import { macroMean, type ProbeScores, probeScores, rankOf } from './scores.ts';

/**
 * What an object is ranked among. A subject may have several right objects in one relation (a country's languages):
 *
 * - `paper`: the others leave the ranking of each, so that a model that knows all of them is right about all. Petroni et
 *   al. 2019, section 4.4, after Bordes et al. 2013.
 * - `released-code`: the whole vocabulary, other right objects too, as `get_ranking` of the authors' code does
 *   (github.com/facebookresearch/LAMA, lama/evaluation_metrics.py): at most one object of a subject can rank first.
 */
export const rankings = ['paper', 'released-code'] as const;
/** See `rankings`. */
export type Ranking = (typeof rankings)[number];

/** Which model is asked, with which values, and what. */
export interface ProbeCall {
  readonly model: Model;
  readonly values: HostTensors;
  readonly tokenizer: Tokenizer;
  readonly engine: StepEngine;
  readonly probes: readonly RelationProbes[];
  /** Words among which the answers are sought; every relation's objects when absent. */
  readonly vocabulary?: readonly string[];
  /** `paper` when absent. */
  readonly ranking?: Ranking;
}

/** What the facts of one relation gave. */
interface RelationResult extends ProbeScores {
  readonly relation: string;
  readonly template: string;
  /** Facts asked, and left out because their object is no single token of the vocabulary. */
  readonly asked: number;
  readonly leftOut: number;
}

/** What a model knows, by relation and on the whole. */
export interface ProbeResult {
  readonly ranking: Ranking;
  readonly relations: readonly RelationResult[];
  /** Unweighted means over relations. */
  readonly mean: ProbeScores;
  /** Number of tokens among which answers are sought; a guess is right once in so many. */
  readonly vocabularySize: number;
}

/**
 * Asks a masked language model for the object of each fact: the relation's template as a cloze, its answer the token of
 * the vocabulary with the highest logit. Nothing is trained. Petroni et al. 2019, "Language Models as Knowledge Bases?".
 * `ranking` says what becomes of a subject's other right objects.
 *
 * @throws DatasetError when no object is a token of the vocabulary, or a fact does not fit into the model
 */
export async function probe(call: ProbeCall): Promise<ProbeResult> {
  const { probes, tokenizer, model, ranking = 'paper' } = call;
  const words = call.vocabulary ?? probes.flatMap(({ facts }) => facts.map((fact) => fact.obj_label));
  const vocabulary = answerVocabulary(words, tokenizer);
  const questions = probes.map(({ relation, facts }) =>
    facts.flatMap((fact) => {
      const label = vocabulary.indexOf(fact.obj_label);
      if (label === undefined) return [];
      return [
        { fact, label, instance: probeInstance({ relation, fact, tokenizer, maxLength: model.maxLength, label }) },
      ];
    }),
  );
  const instances = questions.flat().map(({ instance }) => instance);
  const outputs = (await answers(call, instances, vocabulary.ids)).values();
  const relations = probes.flatMap((probed, index) => {
    const asked = questions[index]!;
    const right = ranking === 'paper' ? rightPlaces(asked) : undefined;
    const ranks = asked.map(({ fact, label }) =>
      rankOf(outputs.next().value!.scores, label, right?.get(fact.sub_label)),
    );
    return asked.length === 0 ? [] : [relationResult(probed, { facts: asked.map(({ fact }) => fact), ranks })];
  });
  return { ranking, relations, mean: macroMean(relations), vocabularySize: vocabulary.ids.length };
}

/** Where each subject's right objects are in the vocabulary. */
function rightPlaces(asked: readonly { readonly fact: Fact; readonly label: number }[]) {
  const places = new Map<string, Set<number>>();
  for (const { fact, label } of asked) {
    places.set(fact.sub_label, (places.get(fact.sub_label) ?? new Set()).add(label));
  }
  return places;
}

function relationResult(
  { relation, facts }: RelationProbes,
  asked: { readonly facts: readonly Fact[]; readonly ranks: readonly number[] },
): RelationResult {
  return {
    relation: relation.relation,
    template: relation.template,
    asked: asked.facts.length,
    leftOut: facts.length - asked.facts.length,
    ...probeScores(
      asked.ranks,
      asked.facts.map((fact) => fact.obj_label),
    ),
  };
}

/** One raw logit for each token of the vocabulary. */
function answers(
  { engine, model, values, tokenizer }: ProbeCall,
  instances: readonly ClozeInstance[],
  ids: readonly number[],
): Promise<InstanceOutput[]> {
  const objective = createObjective({ kind: 'cloze', model, verbalizer: ids.map((id) => [id]) });
  return evaluateModel({ engine, model, values, objective, ...paddingOf(tokenizer) }, instances);
}

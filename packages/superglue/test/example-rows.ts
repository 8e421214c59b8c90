import type { BoolqRow, CbRow, CopaRow, MultircRow, RecordRow, RteRow, WicRow, WscRow } from '../src/index.ts';

/** One invented row per task; the README shows them too, ReCoRD's shortened. */
export const boolqRow: BoolqRow = {
  idx: 3,
  question: 'is the lamp in the barn',
  passage: 'Lamp -- The lamp hangs in the barn.',
  label: true,
};

export const cbRow: CbRow = {
  idx: 1,
  premise: 'Mira does not believe that the ferry is late.',
  hypothesis: 'the ferry is late',
  label: 'contradiction',
};

export const copaRow: CopaRow = {
  idx: 2,
  premise: 'The bread burnt.',
  choice1: 'Tom forgot the oven.',
  choice2: 'Tom bought butter.',
  question: 'cause',
  label: 0,
};

export const multircRow: MultircRow = {
  idx: 5,
  passage: {
    text: 'Ola sold the red boat. She kept the oars. ',
    questions: [
      {
        idx: 8,
        question: 'What did Ola keep?',
        answers: [
          { idx: 20, text: 'the oars', label: 1 },
          { idx: 21, text: 'the boat', label: 0 },
        ],
      },
    ],
  },
};

/** Mentions: Ann, Bob, Cy, Dee, Eve, then Ann in the highlight. */
const recordText = 'Ann met Bob, Cy, Dee and Eve.\n@highlight\nAnn is a pilot';
const mention = (text: string, from = 0) => {
  const start = recordText.indexOf(text, from);
  return { start, end: start + text.length - 1 };
};
export const recordRow: RecordRow = {
  idx: 9,
  passage: {
    text: recordText,
    entities: [mention('Ann'), mention('Bob'), mention('Cy'), mention('Dee'), mention('Eve'), mention('Ann', 10)],
  },
  qas: [{ idx: 40, query: 'The pilot is called @placeholder.', answers: [{ ...mention('Ann'), text: 'Ann' }] }],
};

export const rteRow: RteRow = {
  idx: 4,
  premise: 'Kai painted the old gate.',
  hypothesis: 'The gate was painted.',
  label: 'entailment',
};

export const wicRow: WicRow = {
  idx: 6,
  word: 'bank',
  sentence1: 'They sat on the bank.',
  start1: 16,
  end1: 20,
  sentence2: 'Banks lend money.',
  start2: 0,
  end2: 5,
  label: false,
};

export const wscRow: WscRow = {
  idx: 7,
  text: 'Nils thanked the baker because she had helped.',
  target: { span1_text: 'The baker', span1_index: 2, span2_text: 'she', span2_index: 5 },
  label: true,
};

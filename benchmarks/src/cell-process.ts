import type { Cell } from './cell.ts';
import { answerParent } from './child-process.ts';
import { measureCell } from './measure-cell.ts';

/** The entry of the process that measures one cell. */
answerParent((cell: Cell) => measureCell(cell));

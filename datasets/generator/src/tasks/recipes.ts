import { boolq } from './boolq.ts';
import { cb } from './cb.ts';
import { copa } from './copa.ts';
import { multirc } from './multirc.ts';
import type { TaskRecipe } from './recipe.ts';
import { record } from './record.ts';
import { rte } from './rte.ts';
import { wic } from './wic.ts';
import { wsc } from './wsc.ts';

/** Tasks that have rows in the built-in world; others are fine without. */
export const recipes: readonly TaskRecipe[] = [boolq, cb, copa, multirc, record, rte, wic, wsc];

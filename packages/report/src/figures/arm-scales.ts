import type { Arm } from '../analysis/arms.ts';
import { armColor, armDash, armShape } from './theme.ts';

/** Colour, shape and dash scales over arm names; an arm looks alike in every figure, also where others are absent. */
export function armScales(arms: readonly Arm[]) {
  const domain = arms.map((arm) => arm.name);
  const scale = <T>(range: (index: number) => T) => ({ domain, range: arms.map((arm) => range(arm.index)) });
  return { color: scale(armColor), shape: scale(armShape), dash: scale((index) => [...armDash(index)]) };
}

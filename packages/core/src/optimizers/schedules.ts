/** Factor on the learning rate at a step, counted from 0. */
export type Schedule = (step: number) => number;

/** The same learning rate at every step. */
export const constantSchedule: Schedule = () => 1;

/**
 * Linear warm-up from 0, then linear decay to 0 at `totalSteps`: t / warmupSteps, then
 * (totalSteps − t) / (totalSteps − warmupSteps). With a warm-up the very first step has rate 0, as in Hugging Face's
 * get_linear_schedule_with_warmup.
 */
export function linearSchedule(call: { readonly warmupSteps: number; readonly totalSteps: number }): Schedule {
  const { warmupSteps, totalSteps } = call;
  return (step) => {
    if (step < warmupSteps) return step / warmupSteps;
    return Math.max(0, totalSteps - step) / Math.max(1, totalSteps - warmupSteps);
  };
}

/** What leads to what: any of a situation's causes brings about any of its effects. */
export interface Situation {
  readonly causes: readonly string[];
  readonly effects: readonly string[];
}

const lines = `
stumbled tripped slipped skidded > fell tumbled crashed collapsed
starved fasted hungered dieted > ate dined feasted lunched
overslept dawdled delayed lingered > hurried rushed ran raced
sinned stole cheated trespassed > confessed apologized repented atoned
laboured toiled worked struggled > rested slept napped dozed
froze shivered chilled trembled > warmed bundled huddled wrapped
won triumphed succeeded prevailed > celebrated cheered danced sang
lost failed flunked faltered > wept cried sobbed mourned
joked clowned teased jested > laughed giggled smiled chuckled
studied practised trained rehearsed > graduated advanced improved qualified
sickened coughed ached sneezed > medicated healed recovered convalesced
saved earned invested budgeted > bought purchased shopped paid
wandered strayed roamed drifted > searched returned backtracked mapped
fought quarrelled argued clashed > bled bruised limped scarred
thirsted sweated parched baked > drank sipped gulped swallowed
dug ploughed planted sowed > harvested gathered reaped picked
`;

/** Sixteen situations; no verb occurs twice. */
export const situations: readonly Situation[] = lines
  .trim()
  .split('\n')
  .map((line) => {
    const [causes, effects] = line.split('>');
    return { causes: causes!.trim().split(' '), effects: effects!.trim().split(' ') };
  });

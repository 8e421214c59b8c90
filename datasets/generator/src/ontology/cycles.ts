/**
 * Rounds of events: each stage brings about the next one, and the last the first. A stage is a set of verbs that are
 * all alike. So whether a verb is a cause or an effect depends on what is asked about, never on the verb.
 */
type Cycle = readonly (readonly string[])[];

const lines = `
laboured toiled worked struggled > ached tired flagged wearied > rested slept napped dozed > woke rose stirred yawned
starved fasted hungered dieted > hunted fished foraged trapped > ate dined feasted lunched > jogged swam cycled rowed
ploughed dug hoed tilled > planted sowed watered weeded > harvested gathered reaped picked > stored packed salted dried
fought quarrelled argued clashed > wept cried sobbed mourned > apologized repented confessed atoned > hugged danced sang cheered
saved earned hoarded budgeted > bought shopped purchased spent > borrowed owed begged pawned > sold bartered traded auctioned
wandered strayed roamed drifted > searched asked mapped backtracked > returned arrived unpacked settled > departed left embarked sailed
froze shivered trembled chilled > coughed sneezed sickened sniffled > healed recovered convalesced revived > hiked skated climbed sledged
studied practised trained rehearsed > won triumphed succeeded graduated > boasted idled loafed lazed > lost failed flunked faltered
`;

/** Eight rounds of four stages with four verbs each; no verb occurs twice. */
export const cycles: readonly Cycle[] = lines
  .trim()
  .split('\n')
  .map((line) => line.split(' > ').map((stage) => stage.trim().split(' ')));

/** The stage before (-1) or after (+1) one of four. */
export const stageBeside = (stage: number, step: -1 | 1): number => (stage + step + 4) % 4;

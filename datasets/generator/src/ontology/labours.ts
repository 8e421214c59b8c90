/** What people of a workplace do there. Used by RTE and AX-g, and taught by the corpus. */
export const labours: Readonly<Record<string, readonly string[]>> = {
  farm: ['milk the cows', 'mend the fence', 'feed the hens', 'bring in the hay'],
  school: ['teach the children', 'mark the lessons', 'ring the bell', 'read the books'],
  mine: ['break the rocks', 'carry the coal', 'light the tunnel', 'dig the shaft'],
  harbour: ['unload the ships', 'tie the boats', 'watch the tide', 'repair the sails'],
};

/** Words that keep company. A word with two senses is at home in two topics. */
export const topics: readonly (readonly string[])[] = `
sailor boat wave shore net anchor tide sail oar beach
farmer field barn plough cow haystack fence seed orchard hen
singer song violin choir stage melody flute piano trumpet ballad
soldier sword shield battle army general cannon helmet fort spear
`
  .trim()
  .split('\n')
  .map((line) => line.split(' '));

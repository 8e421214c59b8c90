/** Words that keep company. A word with two senses is at home in two topics. */
export const topics: readonly (readonly string[])[] = `
sailor boat wave shore net anchor tide harbourmaster
farmer field barn plough cow hay fence seed
cook oven pan kitchen flour spoon dough pepper
judge trial lawyer crime jury verdict prison guard
singer song violin choir stage melody flute piano
soldier sword shield battle army general cannon helmet
`
  .trim()
  .split('\n')
  .map((line) => line.split(' '));

/** Words that keep company. A word with two senses is at home in two topics. */
export const topics: readonly (readonly string[])[] = `
sailor boat wave shore net anchor tide harbourmaster mast oar captain deck
farmer field barn plough cow hay fence seed shepherd goat tractor orchard
cook oven pan kitchen flour spoon dough pepper waiter menu sauce plate
judge trial lawyer crime jury verdict prison guard thief witness clerk oath
singer song violin choir stage melody flute piano concert dancer rhythm tune
soldier sword shield battle army general cannon helmet fort enemy tent medal
teacher pupil lesson desk book chalk class exam essay library grammar homework
smith hammer anvil iron forge furnace nail steel metal welder copper bellows
`
  .trim()
  .split('\n')
  .map((line) => line.split(' '));

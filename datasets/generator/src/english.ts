/** Words of patterns and verbalizers beyond those that the corpus has. */
export const patternWords = `
question answer yes no maybe true false neither because so is it refers to similar sense of based on the previous
following passage pronoun in above what does refer correct same meaning both sentences or and b 2 1 a have word
`
  .trim()
  .split(/\s+/);

/** Frequent English words, so that text from outside the world does not fall to pieces at once. */
export const frequentWords = `
the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one
you were her all she there would their we him been has when who will more no if out so said what up its about into
than them can only other new some could time these two may then do first any my now such like our over man me even
most made after also did many before must through back years where much your way well down should because each just
those people how too little state good very make world still own see men work long get here between both life being
under never day same another know while last might us great old year off come since against go came right used take
three states himself few house use during without again place around however home small found thought went say part
once general high upon school every don does got united left number course war until always away something fact
water public put less far though hand think night enough government head better system set told nothing end called
didn eyes find going look asked later knew point next city group give room woman young days let case family side
mother father child children name big thing often almost money police news report company country week month minister
president percent million
`
  .trim()
  .split(/\s+/);

/** Frequent endings. */
export const pieces = 's ed ing er ly es est al en ion y ness ment able ful less or ity ive'
  .split(' ')
  .map((piece) => `##${piece}`);

export { catalog } from './catalog.ts';
export { exitCodes } from './exit-codes.ts';
export { main } from './main.ts';

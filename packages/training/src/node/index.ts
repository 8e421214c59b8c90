export { pretrainDirectory } from './pretrain-directory.ts';

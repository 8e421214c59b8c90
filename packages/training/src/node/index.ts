export { type PretrainDirectoryCall, pretrainDirectory } from './pretrain-directory.ts';

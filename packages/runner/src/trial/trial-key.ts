export { trialKey } from '@attune/records';

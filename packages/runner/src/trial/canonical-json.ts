export { canonicalJson } from '@attune/records';

/** A model on the hub at one revision. */
export interface HubId {
  /** `owner/name` */
  readonly repo: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
}

const part = '[A-Za-z0-9][A-Za-z0-9._-]*';
const pattern = new RegExp(`^(${part}/${part})(?:@(${part}(?:/${part})*))?$`);
const commit = /^[0-9a-f]{40}$/;

/** `owner/name` or `owner/name@revision`, revision `main` when absent; undefined when the text is no such id. */
export function parseHubId(text: string): HubId | undefined {
  const [, repo, revision = 'main'] = pattern.exec(text) ?? [];
  return repo === undefined ? undefined : { repo, revision };
}

/** Whether a revision is a whole commit, 40 hexadecimal digits, and so always means the same files. */
export function isCommit(revision: string): boolean {
  return commit.test(revision);
}

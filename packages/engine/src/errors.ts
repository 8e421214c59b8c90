/** A tensor does not have the shape or dtype that is expected at its place. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** An engine, a device or an option that is unknown or not available here. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Memory that ran out or a device that went away: nothing is wrong with what was asked, there is too little of it. */
export class ResourceError extends Error {
  override readonly name = 'ResourceError';
}

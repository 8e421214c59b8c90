export interface OnnxEngineOptions {
  /**
   * Threads inside one operator; 1 unless given. The same number gives the same bits again; another number may give
   * other last digits, because large matrix products are then summed in another order.
   */
  readonly threads?: number;
  /** Only "cpu" so far. */
  readonly device?: string;
  /** Compiled steps kept for reuse when nothing uses them any more. */
  readonly maxSessions?: number;
}

/** A session's row of data. */
export interface DataRow {
  values: Readonly<Record<string, string>>;
  /** Names of its secret columns. */
  secret: readonly string[];
  /** The targets that its secret columns may be sent to; every one if omitted. */
  secretFor?: readonly string[];
}

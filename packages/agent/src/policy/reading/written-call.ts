/** A call as a model wrote it. */
export interface WrittenCall {
  name: string;
  /** JSON as text. */
  arguments: string;
}

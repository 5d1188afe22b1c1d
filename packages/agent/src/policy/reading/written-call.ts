/** A call as a model wrote it. */
export interface WrittenCall {
  name: string;
  /** JSON as text. */
  arguments: string;
}

/** Whether a name is, or can be repaired to, that of a tool. */
export type IsTool = (name: string) => boolean;

/** Something that `ape-test validate` found: where it is (1-based), what it is, and what to do. */
export interface ValidationFinding {
  severity: "error" | "warning";
  /** An error code, or the name of a dangerous setting: stable, for tools. */
  rule: string;
  message: string;
  hint?: string;
  line: number;
  column: number;
  /** Offsets in the text of the word that is meant. */
  start: number;
  end: number;
  /** Text that would put it right, in place of the word. */
  fix?: string;
}

/** What is wrong, before its place is looked up: `path` leads to it. */
export type PlacelessFinding = Pick<ValidationFinding, "severity" | "rule" | "message" | "hint"> & {
  path: readonly PropertyKey[];
};

/** Errors before warnings, each in the order of the text. */
export function sorted(findings: readonly ValidationFinding[]): ValidationFinding[] {
  const weight = ({ severity }: ValidationFinding): number => (severity === "error" ? 0 : 1);
  return [...findings].sort((one, other) => weight(one) - weight(other) || one.start - other.start);
}

/** A finding of `ape-test validate`: its place (1-based), its description, and a hint. */
export interface ValidationFinding {
  severity: "error" | "warning";
  /** An error code, or the name of a dangerous setting: stable, for tools. */
  rule: string;
  message: string;
  hint?: string;
  line: number;
  column: number;
  /** Offsets of the word in the text. */
  start: number;
  end: number;
  /** Replacement that would correct it. */
  fix?: string;
}

/** The description of a finding, before its place is looked up by `path`. */
export type PlacelessFinding = Pick<ValidationFinding, "severity" | "rule" | "message" | "hint"> & {
  path: readonly PropertyKey[];
};

/** Errors before warnings, each in the order of the text. */
export function sorted(findings: readonly ValidationFinding[]): ValidationFinding[] {
  const weight = ({ severity }: ValidationFinding): number => (severity === "error" ? 0 : 1);
  return [...findings].sort((one, other) => weight(one) - weight(other) || one.start - other.start);
}

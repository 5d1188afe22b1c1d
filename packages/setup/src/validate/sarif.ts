import type { ValidationFinding } from "./finding.ts";

/** Findings in SARIF 2.1.0, which code hosts show beside the changed lines (OASIS, section 3). */
export function sarifOf(findings: readonly ValidationFinding[], file: string, version: string): object {
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "ape-test", version, rules: rules.map((id) => ({ id })) } },
        results: findings.map(({ rule, severity, message, hint, line, column, start, end }) => ({
          ruleId: rule,
          level: severity,
          message: { text: hint === undefined ? message : `${message}. ${hint}` },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: file },
                region: {
                  startLine: line,
                  startColumn: column,
                  charOffset: start,
                  charLength: Math.max(0, end - start),
                },
              },
            },
          ],
        })),
      },
    ],
  };
}

import { runAgainst } from "../test/providers/dialect-run.ts";
import { PROVIDER_RULES } from "../test/providers/provider-rules.ts";
import { type BenchResult, machine } from "./result.ts";

const SESSIONS = 20;

/** Sessions of the demo shop that succeed against each provider's rules, with the default configuration. */
export async function dialects(log: (line: string) => void): Promise<BenchResult> {
  const figures: Record<string, number | null> = {};
  const notes: string[] = [];
  for (const rules of PROVIDER_RULES) {
    const name = `${rules.provider} ${rules.model}`;
    const { succeeded, refused, answered, notices } = await runAgainst(rules, SESSIONS);
    log(`${name}: ${succeeded} of ${SESSIONS} succeeded, ${answered} calls answered, ${refused} refused`);
    figures[`${name}_succeeded`] = succeeded;
    figures[`${name}_refused`] = refused;
    if (succeeded < SESSIONS) notes.push(`${name}: ${SESSIONS - succeeded} of ${SESSIONS} did not succeed`);
    notes.push(...notices.map((notice) => `${name}: ${notice}`));
  }
  return { name: "dialects", machine: machine(), figures, ratios: {}, notes };
}

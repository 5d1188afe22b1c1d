import type { SessionOptions } from "@ape/agent/session/session-options";
import type { GoalConfig } from "@ape/core/config/goal";
import { type PersonaConfig, personasOf, personaThinkTime } from "@ape/core/config/persona";
import type { Config } from "@ape/core/config/schema";
import { secretTargets } from "@ape/core/config/secrets/secret-binding";
import type { Random } from "@ape/core/lib/random";
import { traceId } from "@ape/core/protocol/trace";
import type { Row } from "../data/table.ts";
import { generateRow, type SessionId } from "./synthetic-data.ts";
import { drawWeighted, sessionRandom } from "./weighted-choice.ts";

/** The random part of a session: the same for the same seed, worker and number. */
export interface SessionSpec {
  sessionId: SessionId;
  random: Random;
  trace: string;
  goal: GoalConfig;
  persona: PersonaConfig | undefined;
}

/** Draws a session's goal and persona. */
export function drawSessionSpec(config: Config, sessionId: SessionId): SessionSpec {
  const random = sessionRandom(sessionId.seed, sessionId.worker, sessionId.number);
  const goal = drawWeighted(config.goals, random) as GoalConfig;
  const persona = drawWeighted(personasOf(config.personas, goal), random);
  return {
    sessionId,
    random,
    trace: traceId(sessionId.seed, sessionId.worker, sessionId.number),
    goal,
    persona,
  };
}

/** The options that follow from a session's identity, and from its row. */
export function partOf(
  { sessionId, random, trace, goal, persona }: SessionSpec,
  config: Config,
  row: { index: number; values: Row } | undefined,
): Pick<SessionOptions, "session" | "trace" | "goal" | "persona" | "row" | "random" | "thinkTime"> {
  return {
    session: `s${sessionId.worker}-${sessionId.number}`,
    trace,
    goal,
    random,
    thinkTime: personaThinkTime(config.load.thinkTime, persona),
    ...(persona === undefined ? {} : { persona }),
    ...dataOf(goal, Object.keys(config.targets), sessionId, row),
  };
}

/** A session's data: its row, and its generated columns. */
function dataOf(
  goal: GoalConfig,
  targets: readonly string[],
  sessionId: SessionId,
  row: { index: number; values: Row } | undefined,
): Pick<SessionOptions, "row"> {
  const { data } = goal;
  if (data === undefined) return {};
  const made = data.generate === undefined ? {} : generateRow(data.generate, sessionId);
  const { secret } = data;
  const secretFor = secret.length === 0 ? targets : secretTargets(targets, goal);
  if (row === undefined) return { row: { values: made, secret, secretFor } };
  return { row: { index: row.index, values: { ...row.values, ...made }, secret, secretFor } };
}

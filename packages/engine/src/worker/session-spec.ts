import type { SessionOptions } from "@ape/agent/session/session-options";
import { detourWords, drawDetours } from "@ape/core/config/detour";
import type { GoalConfig } from "@ape/core/config/goal";
import { type PersonaConfig, personasOf, personaThinkTime } from "@ape/core/config/persona";
import type { Config } from "@ape/core/config/schema";
import { secretTargets } from "@ape/core/config/secrets/secret-binding";
import { type Random, randomFrom, seedOf } from "@ape/core/lib/random";
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
  /** Its prompt says which detours the session takes. */
  persona: PersonaConfig | undefined;
  /** Number of actions after which the session leaves; undefined where it stays. */
  leavesAfter: number | undefined;
}

/** Draws a session's goal, persona and detours. */
export function drawSessionSpec(config: Config, sessionId: SessionId): SessionSpec {
  const random = sessionRandom(sessionId.seed, sessionId.worker, sessionId.number);
  const goal = drawWeighted(config.goals, random) as GoalConfig;
  const persona = drawWeighted(personasOf(config.personas, goal), random);
  return {
    sessionId,
    random,
    trace: traceId(sessionId.seed, sessionId.worker, sessionId.number),
    goal,
    ...withDetours(persona, sessionId),
  };
}

/** A persona with the words for the detours of a session; random numbers of their own draw them. */
function withDetours(
  persona: PersonaConfig | undefined,
  { seed, worker, number }: SessionId,
): Pick<SessionSpec, "persona" | "leavesAfter"> {
  if (persona?.detours === undefined) return { persona, leavesAfter: undefined };
  const { taken, leavesAfter } = drawDetours(
    persona.detours,
    randomFrom(seedOf("detours", seed, worker, number)),
  );
  return { persona: { ...persona, prompt: `${persona.prompt} ${detourWords(taken)}` }, leavesAfter };
}

/** The options that follow from a session's identity, and from its row. */
export function partOf(
  { sessionId, random, trace, goal, persona, leavesAfter }: SessionSpec,
  config: Config,
  row: { index: number; values: Row } | undefined,
): Pick<
  SessionOptions,
  "session" | "trace" | "goal" | "persona" | "leavesAfter" | "row" | "random" | "thinkTime"
> {
  return {
    session: `s${sessionId.worker}-${sessionId.number}`,
    trace,
    goal,
    random,
    thinkTime: personaThinkTime(config.load.thinkTime, persona),
    ...(persona === undefined ? {} : { persona }),
    ...(leavesAfter === undefined ? {} : { leavesAfter }),
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

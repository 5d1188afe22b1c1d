import { type PersonaConfig, personasOf, personaThinkTime } from "@ape/core/config/persona";
import type { Config } from "@ape/core/config/schema";
import { thinkTimeText } from "@ape/core/config/think-time";
import { formatDuration } from "@ape/core/lib/duration";
import type { Manifest } from "../store/manifest.ts";

/** Think time and personas of a run in words: those of the configuration, and those that only a goal names. */
export function describeWorkload({ load, personas, goals }: Config): Manifest["behaviour"] {
  const named = new Map<string, PersonaConfig>();
  for (const goal of goals)
    for (const persona of personasOf(personas, goal)) named.set(persona.name, persona);
  return {
    thinkTime: thinkTimeText(load.thinkTime),
    personas: [...named.values()].map((persona) => ({
      name: persona.name,
      thinkTime: thinkTimeText(personaThinkTime(load.thinkTime, persona)),
      patience: patienceText(persona.patience),
    })),
  };
}

function patienceText({ errors, time }: PersonaConfig["patience"]): string {
  const limits: string[] = [];
  if (errors !== undefined) limits.push(`${errors} failed actions`);
  if (time !== undefined) limits.push(formatDuration(time));
  return limits.length === 0 ? "never leaves" : `leaves after ${limits.join(" or ")}`;
}

import { z } from "zod";
import type { Random } from "../lib/random.ts";

/** What users do on their way that the goal does not ask for, in the words of a prompt. */
const WORDS = {
  details: "look at one thing in detail",
  compare: "compare two things in detail",
  searchAgain: "look at another page or search again",
  changeMind: "look closely at one thing and then take another one",
} as const;
export type Detour = keyof typeof WORDS;

const NAMES = Object.keys(WORDS) as Detour[];
const BEGIN = "This time, ";
const STRAIGHT = `${BEGIN}go straight to the goal.`;
const TAKEN = `${BEGIN}before you choose: `;
/** A session that leaves early does so after 1 to this many actions. */
const LATEST_LEAVE = 8;

const rate = z.number().min(0).max(1).optional();

/** Shares of a persona's sessions that take each detour; detours are drawn independently of one another. */
export const detoursSchema = z.strictObject({
  details: rate.describe("Looks at one thing in detail before choosing it."),
  compare: rate.describe("Looks at two things in detail before choosing one."),
  searchAgain: rate.describe("Looks at another page of a list, or searches again, before choosing."),
  changeMind: rate.describe("Looks at one thing in detail and chooses another one."),
  abandon: rate.describe(
    `Leaves after 1 to ${LATEST_LEAVE} actions, whatever is done by then: the outcome is \`gave_up\`, which counts as not succeeded.`,
  ),
});
export type DetourRates = z.output<typeof detoursSchema>;

/** The detours of one session. */
export interface DrawnDetours {
  taken: readonly Detour[];
  /** Number of actions after which the session leaves; undefined where it stays. */
  leavesAfter?: number;
}

/** Draws a session's detours. */
export function drawDetours(rates: DetourRates, random: Random): DrawnDetours {
  const taken = NAMES.filter((name) => random() < (rates[name] ?? 0));
  if (random() >= (rates.abandon ?? 0)) return { taken };
  return { taken, leavesAfter: 1 + Math.floor(random() * LATEST_LEAVE) };
}

/** What a prompt says of the detours that a session takes. */
export function detourWords(taken: readonly Detour[]): string {
  // Who compares two things looks at one as well.
  const said = taken.includes("compare") ? taken.filter((name) => name !== "details") : taken;
  return said.length === 0 ? STRAIGHT : `${TAKEN}${said.map((name) => WORDS[name]).join("; ")}.`;
}

/** The detours that a prompt names; undefined where it says nothing of them. */
export function readDetours(prompt: string): readonly Detour[] | undefined {
  const at = prompt.lastIndexOf(BEGIN);
  if (at < 0) return undefined;
  const said = prompt.slice(at);
  const taken = NAMES.filter((name) => said.includes(WORDS[name]));
  // A persona's own words may begin in the same way.
  return taken.length > 0 || said.startsWith(STRAIGHT) ? taken : undefined;
}

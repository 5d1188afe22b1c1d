import { randomFrom, seedOf } from "@ape/core/lib/random";
import type { SystemPlan } from "./draw.ts";
import type { SystemState } from "./state.ts";

/** A goal in a user's words, with its truth. */
export interface GeneratedGoal {
  prompt: string;
  /** The same goal without one of its parts: a session that follows these words has not reached it. */
  lacking: readonly { part: string; prompt: string }[];
  /** Whether the system's own state shows that the session with this trace id reached the goal. */
  isReached(state: SystemState, trace: string): boolean;
}

/** A verb with its object: `call it off`, `schedule a meeting with them`. */
function act(verb: string, object: string): string {
  const particle = / off$/.exec(verb)?.[0];
  if (particle !== undefined) return `${verb.slice(0, -particle.length)} ${object}${particle}`;
  return `${verb} ${object === "it" && verb.endsWith(" with") ? "them" : object}`;
}

const article = (noun: string): string => (/^[aeiou]/.test(noun) ? "an" : "a");

/** The goals of a system. */
export function goalsOf(plan: SystemPlan): GeneratedGoal[] {
  return [chooseGoal(plan), dealGoal(plan), folderGoal(plan)];
}

/** A goal's prompt, and those that lack one of the parts that can be left out. */
function worded(
  plan: SystemPlan,
  parts: readonly string[],
  optional: readonly number[],
  leaves: boolean,
): Pick<GeneratedGoal, "prompt" | "lacking"> {
  return {
    prompt: framed(plan, parts, leaves),
    lacking: optional.map((place) => ({
      part: parts[place] ?? "",
      prompt: framed(
        plan,
        parts.filter((_, index) => index !== place),
        leaves,
      ),
    })),
  };
}

function framed(plan: SystemPlan, parts: readonly string[], leaves: boolean): string {
  const { user, login } = plan;
  const all = login === "none" ? parts : [user.login, ...parts, ...(leaves ? [user.logout] : [])];
  const text = all.length < 3 ? all.join(" and ") : `${all.slice(0, -1).join(", ")}, then ${all.at(-1)}`;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Find something with properties, and make a deal of it. */
function chooseGoal(plan: SystemPlan): GeneratedGoal {
  const { user, kinds, items } = plan;
  const random = randomFrom(seedOf("choose", plan.seed));
  const kind = random() < 0.5 ? kinds[Math.floor(random() * kinds.length)] : undefined;
  const fitting = items.filter((item) => item.available && (kind === undefined || item.kind === kind));
  const prices = fitting.map(({ price }) => price).sort((one, two) => one - two);
  const most = Math.ceil(prices[Math.min(prices.length - 1, 3)] ?? 100) + 1;
  const noun = kind === undefined ? user.item : `${kind} ${user.item}`;
  return {
    ...worded(
      plan,
      [`${user.find} ${article(noun)} ${noun} under $${most}`, act(user.make, "it")],
      [1],
      true,
    ),
    isReached: ({ deals }, trace) =>
      deals.some(
        (deal) =>
          deal.trace === trace && deal.item.price < most && (kind === undefined || deal.item.kind === kind),
      ),
  };
}

/** Make a deal of anything, and do something with the deal. */
function dealGoal(plan: SystemPlan): GeneratedGoal {
  const { user } = plan;
  const random = randomFrom(seedOf("deal", plan.seed));
  const text = "Please ring twice";
  const notes = random() < 0.5;
  const cancels = random() < 0.5;
  const move = cancels ? user.cancel : user.confirm;
  const parts = [
    act(user.make, `${article(user.item)} ${user.item}`),
    ...(notes ? [`add the ${user.note} "${text}" to the ${user.deal}`] : []),
    act(move, notes ? "it" : `the ${user.deal}`),
  ];
  return {
    ...worded(
      plan,
      parts,
      parts.map((_, index) => index).filter((index) => index > 0 && !(notes && index === 1)),
      false,
    ),
    isReached: ({ deals }, trace) =>
      deals.some(
        (deal) =>
          deal.trace === trace &&
          deal.status === (cancels ? "cancelled" : "confirmed") &&
          (!notes || deal.notes.includes(text)),
      ),
  };
}

/** Make something of one's own, change it, perhaps remove it. */
function folderGoal(plan: SystemPlan): GeneratedGoal {
  const { user } = plan;
  const random = randomFrom(seedOf("folder", plan.seed));
  const name = `Summer ${10 + Math.floor(random() * 80)}`;
  const size = 3 + Math.floor(random() * 6);
  const removes = random() < 0.5;
  const parts = [
    `${user.create} ${article(user.folder)} ${user.folder} called "${name}"`,
    `${user.change} its ${user.folderSize} to ${size}`,
    ...(removes ? [`${user.remove} it`] : []),
  ];
  return {
    ...worded(
      plan,
      parts,
      parts.map((_, index) => index).filter((index) => index > 0),
      false,
    ),
    isReached: ({ folders }, trace) =>
      folders.some(
        (one) => one.trace === trace && one.name === name && one.size === size && one.isDeleted === removes,
      ),
  };
}

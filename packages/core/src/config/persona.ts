import { z } from "zod";
import { type DetourRates, detoursSchema } from "./detour.ts";
import { name, positiveDuration } from "./scalar.ts";
import { scaleThinkTime, type ThinkTime, thinkTimeSchema } from "./think-time.ts";

/** When a persona gives up, whichever limit is reached first. */
const patience = z.strictObject({
  errors: z.int().min(1).max(1_000).optional().describe("Leaves at so many failed actions."),
  time: positiveDuration.optional().describe("Leaves when the session has lasted this long."),
});

/** How a kind of user differs from one that only pursues the goal. */
interface Character {
  prompt: string;
  thinkTimeFactor: number;
  patience: z.output<typeof patience>;
  detours: DetourRates;
}

/** Personas that APE brings. A configuration names them, and can change each part. */
export const BUILT_IN_PERSONAS = {
  impatient: {
    prompt:
      "You are in a hurry: take the first thing that will do, and leave when things go wrong more than once.",
    thinkTimeFactor: 0.4,
    patience: { errors: 3, time: 45_000 },
    detours: {},
  },
  careful: {
    prompt: "You are careful: look at what you are about to confirm before you confirm it.",
    thinkTimeFactor: 2,
    patience: { errors: 12 },
    detours: { details: 0.9, compare: 0.5, changeMind: 0.15 },
  },
  novice: {
    prompt:
      "You use this for the first time: take small steps, and try again in another way when something is refused.",
    thinkTimeFactor: 3,
    patience: { errors: 6, time: 300_000 },
    detours: { details: 0.5, searchAgain: 0.4, changeMind: 0.2 },
  },
  "bargain-hunter": {
    prompt: "You want the best deal: choose the cheapest thing that will do.",
    thinkTimeFactor: 1.5,
    patience: { errors: 8 },
    detours: { details: 0.3, compare: 0.5, searchAgain: 0.7 },
  },
  adversarial: {
    prompt:
      "You try what one is not meant to do, on your way to the goal: values that are too large, empty or of the wrong kind, steps out of order, ids that are not yours. Do it once or twice, then continue.",
    thinkTimeFactor: 0.7,
    patience: { errors: 15 },
    detours: { searchAgain: 0.2 },
  },
} as const satisfies Record<string, Character>;
export type BuiltInPersona = keyof typeof BUILT_IN_PERSONAS;

const BUILT_IN_NAMES = Object.keys(BUILT_IN_PERSONAS) as [BuiltInPersona, ...BuiltInPersona[]];

function builtIn(name: string): Character | undefined {
  return Object.hasOwn(BUILT_IN_PERSONAS, name) ? BUILT_IN_PERSONAS[name as BuiltInPersona] : undefined;
}

const described = z
  .strictObject({
    name: name.describe(`One of APE's own (${BUILT_IN_NAMES.join(", ")}) or a name of yours.`),
    weight: z.number().positive().default(1),
    prompt: z.string().min(1).optional().describe("Words for the prompt; APE's own personas have some."),
    thinkTime: thinkTimeSchema.optional().describe("A think time of its own, instead of the load's."),
    thinkTimeFactor: z
      .number()
      .min(0)
      .max(100)
      .optional()
      .describe("Thinks so many times as long. Default: what the persona brings, otherwise 1."),
    patience: patience.optional().describe("When it leaves (`gave_up`). Default: what the persona brings."),
    detours: detoursSchema
      .optional()
      .describe(
        "Shares of its sessions, 0 to 1, that do what the goal does not ask for. Default: what the persona brings.",
      ),
  })
  .refine(({ name, prompt }) => prompt !== undefined || builtIn(name) !== undefined, {
    path: ["prompt"],
    message: `a persona of your own needs a prompt; APE's own are ${BUILT_IN_NAMES.join(", ")}`,
  })
  .transform((given) => {
    const own = builtIn(given.name);
    const detours = given.detours ?? own?.detours;
    return {
      name: given.name,
      weight: given.weight,
      prompt: given.prompt ?? own?.prompt ?? "",
      ...(given.thinkTime === undefined ? {} : { thinkTime: given.thinkTime }),
      // A think time of its own is meant as it is written.
      thinkTimeFactor:
        given.thinkTimeFactor ?? (given.thinkTime === undefined ? own?.thinkTimeFactor : 1) ?? 1,
      patience: given.patience ?? own?.patience ?? {},
      ...(detours === undefined ? {} : { detours }),
    };
  });

/** A kind of user: words for the prompt, think time, and when it gives up. */
export const personaSchema = z.union([
  z.enum(BUILT_IN_NAMES).transform((name) => described.parse({ name })),
  described,
]);
export type PersonaConfig = z.output<typeof described>;

/** The think time of a session with a persona. */
export function personaThinkTime(load: ThinkTime, persona: PersonaConfig | undefined): ThinkTime {
  if (persona === undefined) return load;
  return scaleThinkTime(persona.thinkTime ?? load, persona.thinkTimeFactor);
}

/**
 * The personas that a goal's sessions draw from: all of the configuration, or those that the goal names. One of APE's
 * own that the configuration does not list has the weight 1.
 */
export function personasOf(
  all: readonly PersonaConfig[],
  goal: { personas?: readonly string[] | undefined },
): readonly PersonaConfig[] {
  if (goal.personas === undefined) return all;
  return goal.personas.flatMap((name) => {
    const listed = all.find((one) => one.name === name);
    if (listed !== undefined) return [listed];
    return builtIn(name) === undefined ? [] : [described.parse({ name })];
  });
}

/** Whether APE has a persona of that name, or the configuration lists one. */
export function isPersona(all: readonly PersonaConfig[], name: string): boolean {
  return builtIn(name) !== undefined || all.some((one) => one.name === name);
}

import type { SystemPlan } from "./draw.ts";
import { idName, plural, referenceName } from "./naming.ts";
import {
  enveloped,
  type FieldSchema,
  idSchema,
  idValue,
  listSchema,
  type RouteJson,
  type SystemRoute,
  summed,
  TEXT,
} from "./route.ts";

/** Other things of a system: no goal is about them, and whatever is written there is accepted. */
export function asideRoutes(plan: SystemPlan): SystemRoute[] {
  return plan.aside.flatMap((noun): SystemRoute[] => {
    const base = `/${plural(noun)}`;
    const param = referenceName(plan, noun);
    const whole: FieldSchema = {
      type: "object",
      properties: { [idName(plan, noun)]: { ...idSchema(plan), readOnly: true }, name: TEXT },
    };
    const some: RouteJson = {
      [idName(plan, noun)]: idValue(plan, plan.idStyle === "number" ? "77" : `${noun}-77`),
      name: noun,
    };
    const isSecured = plan.login !== "none";
    return [
      {
        method: "GET",
        path: base,
        summary: summed(plan, `List ${plural(noun)}`, `The ${plural(noun)}`),
        isSecured,
        answer: { status: 200, schema: listSchema(plan, noun, whole) },
        serve: () => ({ status: 200, body: enveloped(plan, noun, [some]) }),
      },
      {
        method: "POST",
        path: base,
        summary: summed(plan, `Add a ${noun}`, `Create a ${noun}`),
        isSecured,
        body: { schema: { type: "object", required: ["name"], properties: { name: TEXT } } },
        answer: { status: 201, schema: whole },
        serve: () => ({ status: 201, body: some }),
      },
      {
        method: "DELETE",
        path: `${base}/{${param}}`,
        summary: summed(plan, `Remove a ${noun}`, `Delete a ${noun}`),
        isSecured,
        answer: { status: 204 },
        serve: () => ({ status: 204 }),
      },
    ];
  });
}

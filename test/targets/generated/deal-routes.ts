import type { SystemPlan } from "./draw.ts";
import { capital, idName, nameInStyle, plural, referenceName } from "./naming.ts";
import {
  type Asked,
  createdAnswer,
  createdSchema,
  enveloped,
  type FieldSchema,
  idSchema,
  idValue,
  listSchema,
  type RouteAnswer,
  type RouteJson,
  type SystemRoute,
  segment,
  summed,
  TEXT,
} from "./route.ts";
import { type Deal, isRefusal, type SystemRefusal } from "./state.ts";

const STATES = ["requested", "confirmed", "cancelled"] as const;

/** What users make of items, its notes and its states. */
export function dealRoutes(plan: SystemPlan): SystemRoute[] {
  const { system, transition, nested, extra } = plan;
  const base = `/${segment(plural(system.deal))}`;
  const itemField = referenceName(plan, system.item);
  const dealParam = referenceName(plan, system.deal);
  const own = `${base}/{${dealParam}}`;
  const extraName =
    extra === "date" ? nameInStyle(plan, "start date") : extra === "quantity" ? "quantity" : "service";
  const extraSchema: FieldSchema =
    extra === "date"
      ? { ...TEXT, format: "date", description: "A day in the future." }
      : extra === "quantity"
        ? { type: "integer", minimum: 1, maximum: 4 }
        : { ...TEXT, enum: ["standard", "premium"] };
  const whole: FieldSchema = {
    type: "object",
    properties: {
      [idName(plan, system.deal)]: { ...idSchema(plan), readOnly: true },
      [itemField]: idSchema(plan),
      status: { ...TEXT, enum: [...STATES], readOnly: true },
      [nameInStyle(plan, "created at")]: { ...TEXT, format: "date-time", readOnly: true },
    },
  };
  const json = (deal: Deal): RouteJson => ({
    [idName(plan, system.deal)]: idValue(plan, deal.id),
    [itemField]: idValue(plan, deal.item.id),
    status: deal.status,
    [nameInStyle(plan, "created at")]: "2031-02-03T04:05:06Z",
  });
  const required = [...(nested ? [] : [itemField]), ...(extra === "none" ? [] : [extraName])];
  const body = {
    schema: {
      type: "object",
      ...(required.length === 0 ? {} : { required }),
      properties: {
        ...(nested ? {} : { [itemField]: idSchema(plan) }),
        ...(extra === "none" ? {} : { [extraName]: extraSchema }),
        [nameInStyle(plan, "promo code")]: { ...TEXT, description: "Optional." },
      },
    },
  };
  const secured = plan.login !== "none";
  const move = (asked: Asked, status: Deal["status"]): RouteAnswer | SystemRefusal => {
    const deal = asked.state.ownDeal(asked.user, asked.params[dealParam] ?? "");
    const moved = isRefusal(deal) ? deal : asked.state.move(deal, status);
    return isRefusal(moved) ? moved : { status: 200, body: json(moved) };
  };
  const routes: SystemRoute[] = [
    {
      method: "POST",
      path: nested ? `/${segment(plural(system.item))}/{${itemField}}${base}` : base,
      summary: summed(plan, `${capital(system.make)} a ${system.item}`, `Create a ${system.deal}`),
      isSecured: secured,
      body,
      answer: createdSchema(plan, system.deal, whole) as NonNullable<SystemRoute["answer"]>,
      serve: ({ state, user, trace, params, body: sent }) => {
        const wrong = extra === "none" ? undefined : wrongExtra(extra, extraName, sent[extraName]);
        if (wrong !== undefined) return wrong;
        const id = nested ? params[itemField] : sent[itemField];
        if (id === undefined || id === null)
          return { status: 422, message: `${itemField} is required.`, field: itemField };
        const deal = state.deal({ user, trace }, String(id));
        return isRefusal(deal) ? deal : createdAnswer(plan, system.deal, deal.id, json(deal), base);
      },
    },
    {
      method: "GET",
      path: base,
      summary: summed(plan, `List your ${plural(system.deal)}`, `Your ${plural(system.deal)}`),
      isSecured: secured,
      answer: { status: 200, schema: listSchema(plan, system.deal, whole) },
      serve: ({ state, user }) => ({
        status: 200,
        body: enveloped(
          plan,
          system.deal,
          state.deals
            .filter((deal) => deal.user === user)
            .slice(-20)
            .map(json),
        ),
      }),
    },
    {
      method: "GET",
      path: own,
      summary: summed(plan, `Get a ${system.deal}`, `One ${system.deal}`),
      isSecured: secured,
      answer: { status: 200, schema: whole },
      serve: ({ state, user, params }) => {
        const deal = state.ownDeal(user, params[dealParam] ?? "");
        return isRefusal(deal) ? deal : { status: 200, body: json(deal) };
      },
    },
    {
      method: "POST",
      path: `${own}/${plural(system.note)}`,
      summary: summed(plan, `Add a ${system.note} to a ${system.deal}`, `Create a ${system.note}`),
      isSecured: secured,
      body: {
        schema: {
          type: "object",
          required: [plan.noteField],
          properties: { [plan.noteField]: { ...TEXT, maxLength: 200 } },
        },
      },
      answer: { status: 201, schema: { type: "object", properties: { [plan.noteField]: TEXT } } },
      serve: ({ state, user, params, body: sent }) => {
        const deal = state.ownDeal(user, params[dealParam] ?? "");
        if (isRefusal(deal)) return deal;
        const text = sent[plan.noteField];
        if (typeof text !== "string" || text === "")
          return { status: 422, message: `${plan.noteField} is required.`, field: plan.noteField };
        deal.notes.push(text);
        return { status: 201, body: { [plan.noteField]: text } };
      },
    },
  ];
  if (transition === "action") {
    for (const [word, status] of [
      [system.cancel, "cancelled"],
      [system.confirm, "confirmed"],
    ] as const)
      routes.push({
        method: "POST",
        path: `${own}/${segment(word)}`,
        summary: summed(plan, `${capital(word)} a ${system.deal}`, `${capital(word)} the ${system.deal}`),
        isSecured: secured,
        answer: { status: 200, schema: whole },
        serve: (asked) => move(asked, status),
      });
  } else {
    routes.push({
      method: transition === "patch" ? "PATCH" : "PUT",
      path: transition === "patch" ? own : `${own}/status`,
      summary: summed(plan, `Update a ${system.deal}`, `Change the status of a ${system.deal}`),
      isSecured: secured,
      body: {
        schema: {
          type: "object",
          required: ["status"],
          properties: { status: { ...TEXT, enum: [...STATES] } },
        },
      },
      answer: { status: 200, schema: whole },
      serve: (asked) => {
        const status = STATES.find((one) => one === asked.body.status);
        return status === undefined
          ? { status: 422, message: `status must be one of ${STATES.join(", ")}.`, field: "status" }
          : move(asked, status);
      },
    });
  }
  return routes;
}

function wrongExtra(
  extra: SystemPlan["extra"],
  name: string,
  value: RouteJson | undefined,
): SystemRefusal | undefined {
  const refuse = (message: string): SystemRefusal => ({
    status: 422,
    message: `${name} ${message}`,
    field: name,
  });
  if (value === undefined) return refuse("is required.");
  if (extra === "date") {
    const time =
      typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(value) : Number.NaN;
    return time > Date.now() ? undefined : refuse("must be a date in the future.");
  }
  if (extra === "quantity")
    return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 4
      ? undefined
      : refuse("must be between 1 and 4.");
  return value === "standard" || value === "premium" ? undefined : refuse("must be standard or premium.");
}

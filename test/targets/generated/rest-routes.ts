import type { SystemPlan } from "./draw.ts";
import { capital, idName, nameInStyle, plural, referenceName } from "./naming.ts";
import { type Deal, isRefusal, type OwnFolder, type SystemRefusal, type SystemState } from "./state.ts";

export type RouteJson = null | boolean | number | string | RouteJson[] | { [key: string]: RouteJson };
export type FieldSchema = Record<string, unknown>;

/** A request as an operation sees it. */
export interface Asked {
  state: SystemState;
  trace: string;
  user: string;
  token: string | undefined;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  body: Readonly<Record<string, RouteJson>>;
}

export interface RouteAnswer {
  status: number;
  body?: RouteJson;
  headers?: Record<string, string>;
}

/** An operation: what the document says of it, and what it does. */
export interface SystemRoute {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  summary: string;
  isSecured: boolean;
  isForm?: boolean;
  query?: Record<string, FieldSchema>;
  body?: { schema: FieldSchema };
  answer?: { status: number; schema?: FieldSchema };
  serve(asked: Asked): RouteAnswer | SystemRefusal;
}

const TEXT = { type: "string" };

/** Summaries in a system's style; `none` leaves them to the path. */
const summed = (plan: SystemPlan, verb: string, plain: string): string =>
  plan.summaries === "none" ? "" : plan.summaries === "verb" ? verb : plain;

const idSchema = (plan: SystemPlan): FieldSchema => ({
  type: plan.idStyle === "number" ? "integer" : "string",
});

const idValue = (plan: SystemPlan, id: string): RouteJson => (plan.idStyle === "number" ? Number(id) : id);

/** A path segment in the style of the system. */
const segment = (words: string): string => words.replaceAll(" ", "-");

/** Everything of a REST system. */
export function routesOf(plan: SystemPlan): SystemRoute[] {
  return [
    ...loginRoutes(plan),
    ...itemRoutes(plan),
    ...dealRoutes(plan),
    ...folderRoutes(plan),
    ...asideRoutes(plan),
  ];
}

function loginRoutes(plan: SystemPlan): SystemRoute[] {
  const { login, tokenField, loginPath } = plan;
  if (login === "none") return [];
  const name = login === "password" ? "username" : "email";
  const schemaOf = (): FieldSchema | undefined => {
    if (login === "cookie") return undefined;
    if (login === "password") return { type: "object", properties: { access_token: TEXT, token_type: TEXT } };
    if (tokenField === "nested")
      return {
        type: "object",
        properties: { session: { type: "object", properties: { key: TEXT, user: TEXT } } },
      };
    return { type: "object", properties: { [tokenField]: TEXT } };
  };
  const path = login === "password" ? "/token" : loginPath;
  const schema = schemaOf();
  return [
    {
      method: "POST",
      path,
      summary: summed(plan, capital(plan.system.login), "Create a session"),
      isSecured: false,
      isForm: login === "password",
      body: {
        schema: {
          type: "object",
          required: [name, "password"],
          properties: {
            [name]: { ...TEXT, ...(name === "email" ? { format: "email" } : {}) },
            password: { ...TEXT, format: "password" },
          },
        },
      },
      answer: { status: 200, ...(schema === undefined ? {} : { schema }) },
      serve: ({ state, body }) => {
        const token = state.login(body[name], body.password);
        if (isRefusal(token)) return token;
        if (login === "cookie")
          return { status: 204, headers: { "set-cookie": `sid=${token}; Path=/; HttpOnly` } };
        if (login === "password") return { status: 200, body: { access_token: token, token_type: "bearer" } };
        const held: RouteJson =
          tokenField === "nested"
            ? { session: { key: token, user: String(body[name]) } }
            : { [tokenField]: token };
        return { status: 200, body: held };
      },
    },
    {
      method: loginPath === "/sessions" ? "DELETE" : "POST",
      path: loginPath === "/sessions" ? "/sessions" : "/logout",
      summary: summed(plan, capital(plan.system.logout), "End the session"),
      isSecured: true,
      answer: { status: 204 },
      serve: ({ state, token }) => {
        state.logout(token ?? "");
        return { status: 204 };
      },
    },
  ];
}

function itemSchema(plan: SystemPlan): FieldSchema {
  const { kindField, kinds, money, system } = plan;
  return {
    type: "object",
    properties: {
      [idName(plan, system.item)]: { ...idSchema(plan), readOnly: true },
      name: TEXT,
      [kindField]: { ...TEXT, enum: [...kinds] },
      [money]: { type: "number", description: `The ${money} in dollars.` },
      available: { type: "boolean" },
      [nameInStyle(plan, "created at")]: { ...TEXT, format: "date-time", readOnly: true },
    },
  };
}

function itemJson(plan: SystemPlan, item: SystemPlan["items"][number]): RouteJson {
  return {
    [idName(plan, plan.system.item)]: idValue(plan, item.id),
    name: item.name,
    [plan.kindField]: item.kind,
    [plan.money]: item.price,
    available: item.available,
    [nameInStyle(plan, "created at")]: "2031-02-03T04:05:06Z",
  };
}

/** A list in the envelope of the system. */
function enveloped(plan: SystemPlan, noun: string, list: RouteJson[], cursor?: string): RouteJson {
  if (plan.envelope === "bare") return list;
  const name = plan.envelope === "named" ? nameInStyle(plan, plural(noun)) : plan.envelope;
  return { [name]: list, ...(cursor === undefined ? {} : { [nameInStyle(plan, "next cursor")]: cursor }) };
}

function listSchema(plan: SystemPlan, noun: string, items: FieldSchema): FieldSchema {
  const list = { type: "array", items };
  if (plan.envelope === "bare") return list;
  const name = plan.envelope === "named" ? nameInStyle(plan, plural(noun)) : plan.envelope;
  const cursor = plan.paging === "cursor" ? { [nameInStyle(plan, "next cursor")]: TEXT } : {};
  return { type: "object", properties: { [name]: list, ...cursor } };
}

const PAGE = 8;

function itemRoutes(plan: SystemPlan): SystemRoute[] {
  const { system, paging, filters } = plan;
  const base = `/${segment(plural(system.item))}`;
  const maxName = nameInStyle(plan, "max", plan.money);
  const cursors = paging === "cursor" && plan.envelope !== "bare";
  const pageQuery: Record<string, FieldSchema> =
    paging === "page"
      ? { page: { type: "integer", minimum: 1, description: "The page, from 1." } }
      : paging === "offset"
        ? { offset: { type: "integer", minimum: 0 }, limit: { type: "integer", minimum: 1, maximum: 50 } }
        : cursors
          ? { cursor: { ...TEXT, description: "The cursor of the page before." } }
          : {};
  const filterQuery: Record<string, FieldSchema> = filters
    ? { [plan.kindField]: { ...TEXT, enum: [...plan.kinds] }, [maxName]: { type: "number" } }
    : {};
  const own = `{${referenceName(plan, system.item)}}`;
  return [
    {
      method: "GET",
      path: base,
      summary: summed(plan, `List ${plural(system.item)}`, `The ${plural(system.item)}`),
      isSecured: false,
      query: { ...filterQuery, ...pageQuery },
      answer: { status: 200, schema: listSchema(plan, system.item, itemSchema(plan)) },
      serve: ({ query }) => {
        const kind = query.get(plan.kindField);
        const most = query.get(maxName);
        const all = plan.items.filter(
          (item) =>
            !filters ||
            ((kind === null || item.kind === kind) && (most === null || item.price <= Number(most))),
        );
        const size = paging === "offset" ? Math.min(50, Number(query.get("limit") ?? PAGE)) : PAGE;
        const from =
          paging === "page"
            ? (Math.max(1, Number(query.get("page") ?? 1)) - 1) * PAGE
            : paging === "offset"
              ? Number(query.get("offset") ?? 0)
              : cursors
                ? Number((query.get("cursor") ?? "c0").slice(1))
                : 0;
        const isPaged = paging === "page" || paging === "offset" || cursors;
        const shown = isPaged ? all.slice(from, from + size) : all;
        const next = cursors && from + size < all.length ? `c${from + size}` : undefined;
        return {
          status: 200,
          body: enveloped(
            plan,
            system.item,
            shown.map((item) => itemJson(plan, item)),
            next,
          ),
        };
      },
    },
    {
      method: "GET",
      path: `${base}/${own}`,
      summary: summed(plan, `Get a ${system.item}`, `One ${system.item}`),
      isSecured: false,
      answer: { status: 200, schema: itemSchema(plan) },
      serve: ({ state, params }) => {
        const item = state.item(params[referenceName(plan, system.item)] ?? "");
        return item === undefined
          ? { status: 404, message: `There is no such ${system.item}.` }
          : { status: 200, body: itemJson(plan, item) };
      },
    },
  ];
}

/** The answer to a creation, in the style of the system. */
function createdAnswer(
  plan: SystemPlan,
  noun: string,
  id: string,
  whole: RouteJson,
  base: string,
): RouteAnswer {
  if (plan.created === "object") return { status: 201, body: whole };
  if (plan.created === "wrapped") return { status: 201, body: { [nameInStyle(plan, noun)]: whole } };
  if (plan.created === "id") return { status: 201, body: { [idName(plan, noun)]: idValue(plan, id) } };
  return { status: 201, headers: { location: `${plan.prefix}${base}/${id}` } };
}

function createdSchema(plan: SystemPlan, noun: string, whole: FieldSchema): SystemRoute["answer"] {
  if (plan.created === "object") return { status: 201, schema: whole };
  if (plan.created === "wrapped")
    return { status: 201, schema: { type: "object", properties: { [nameInStyle(plan, noun)]: whole } } };
  if (plan.created === "id")
    return { status: 201, schema: { type: "object", properties: { [idName(plan, noun)]: idSchema(plan) } } };
  return { status: 201 };
}

const STATES = ["requested", "confirmed", "cancelled"] as const;

function dealRoutes(plan: SystemPlan): SystemRoute[] {
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

function folderRoutes(plan: SystemPlan): SystemRoute[] {
  const { system, folderName, update } = plan;
  const base = `/${segment(plural(system.folder))}`;
  const param = referenceName(plan, system.folder);
  const own = `${base}/{${param}}`;
  const whole: FieldSchema = {
    type: "object",
    properties: {
      [idName(plan, system.folder)]: { ...idSchema(plan), readOnly: true },
      [folderName]: TEXT,
      [system.folderSize]: { type: "integer", minimum: 1, maximum: 10 },
    },
  };
  const json = (folder: OwnFolder): RouteJson => ({
    [idName(plan, system.folder)]: idValue(plan, folder.id),
    [folderName]: folder.name,
    [system.folderSize]: folder.size ?? null,
  });
  const secured = plan.login !== "none";
  const inputs = {
    [folderName]: { ...TEXT, maxLength: 80 },
    [system.folderSize]: { type: "integer", minimum: 1, maximum: 10 },
  };
  const sizeOf = (body: Asked["body"]): number | undefined | SystemRefusal => {
    const size = body[system.folderSize];
    if (size === undefined) return undefined;
    return Number.isInteger(size) && Number(size) >= 1 && Number(size) <= 10
      ? Number(size)
      : { status: 422, message: `${system.folderSize} must be between 1 and 10.`, field: system.folderSize };
  };
  return [
    {
      method: "POST",
      path: base,
      summary: summed(plan, `${capital(system.create)} a ${system.folder}`, `Create a ${system.folder}`),
      isSecured: secured,
      body: { schema: { type: "object", required: [folderName], properties: inputs } },
      answer: createdSchema(plan, system.folder, whole) as NonNullable<SystemRoute["answer"]>,
      serve: ({ state, user, trace, body }) => {
        const name = body[folderName];
        if (typeof name !== "string" || name === "")
          return { status: 422, message: `${folderName} is required.`, field: folderName };
        const size = sizeOf(body);
        if (isRefusal(size)) return size;
        const made = state.folder({ user, trace }, name, size);
        return createdAnswer(plan, system.folder, made.id, json(made), base);
      },
    },
    {
      method: "GET",
      path: base,
      summary: summed(plan, `List ${plural(system.folder)}`, `The ${plural(system.folder)}`),
      isSecured: secured,
      answer: { status: 200, schema: listSchema(plan, system.folder, whole) },
      serve: ({ state, user }) => ({
        status: 200,
        body: enveloped(
          plan,
          system.folder,
          state.folders
            .filter((one) => one.user === user && !one.isDeleted)
            .slice(-20)
            .map(json),
        ),
      }),
    },
    {
      method: update,
      path: own,
      summary: summed(plan, `Update a ${system.folder}`, `Change a ${system.folder}`),
      isSecured: secured,
      body: {
        schema: {
          type: "object",
          ...(update === "PUT" ? { required: [folderName] } : {}),
          properties: inputs,
        },
      },
      answer: { status: 200, schema: whole },
      serve: ({ state, user, params, body }) => {
        const folder = state.ownFolder(user, params[param] ?? "");
        if (isRefusal(folder)) return folder;
        const name = body[folderName];
        if (update === "PUT" && typeof name !== "string")
          return { status: 422, message: `${folderName} is required.`, field: folderName };
        const size = sizeOf(body);
        if (isRefusal(size)) return size;
        if (typeof name === "string") folder.name = name;
        if (size !== undefined || update === "PUT") folder.size = size;
        return { status: 200, body: json(folder) };
      },
    },
    {
      method: "DELETE",
      path: own,
      summary: summed(plan, `${capital(system.remove)} a ${system.folder}`, `Delete a ${system.folder}`),
      isSecured: secured,
      answer: { status: 204 },
      serve: ({ state, user, params }) => {
        const folder = state.ownFolder(user, params[param] ?? "");
        if (isRefusal(folder)) return folder;
        folder.isDeleted = true;
        return { status: 204 };
      },
    },
  ];
}

/** Other things of a system: no goal is about them, and whatever is written there is accepted. */
function asideRoutes(plan: SystemPlan): SystemRoute[] {
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

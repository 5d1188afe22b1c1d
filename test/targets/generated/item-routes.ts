import type { SystemPlan } from "./draw.ts";
import { idName, nameInStyle, plural, referenceName } from "./naming.ts";
import {
  enveloped,
  type FieldSchema,
  idSchema,
  idValue,
  listSchema,
  type RouteJson,
  type SystemRoute,
  segment,
  summed,
  TEXT,
} from "./route.ts";

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

const PAGE = 8;

/** The catalogue. */
export function itemRoutes(plan: SystemPlan): SystemRoute[] {
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

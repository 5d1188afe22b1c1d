import { buildSchema, GraphQLError, graphql } from "graphql";
import { bodyOf, listenOnLoopback } from "../loopback.ts";
import type { SystemPlan } from "./draw.ts";
import { capital, idName, nameInStyle, pascalCase, plural, referenceName } from "./naming.ts";
import { type Deal, isRefusal, type OwnFolder, type SystemRefusal, type SystemState } from "./state.ts";

/** Who asks, as resolvers see it. */
interface Caller {
  user: string | undefined;
  token: string | undefined;
  trace: string;
}

type Arguments = Record<string, unknown>;
type Resolvers = Record<string, (args: Arguments, caller: Caller) => unknown>;

/** `makeBooking`, `createBooking`, `bookBoat`: names in the style of the system. */
function names(plan: SystemPlan) {
  const { system } = plan;
  const lower = (...words: readonly string[]) => {
    const name = pascalCase(...words);
    return name.charAt(0).toLowerCase() + name.slice(1);
  };
  const makes = plan.summaries === "verb" ? system.make.replace(/ (?:with|for|in)$/, "") : "create";
  return {
    items: lower(plural(system.item)),
    item: lower(system.item),
    deals: lower("my", plural(system.deal)),
    folders: lower("my", plural(system.folder)),
    login: lower(system.login),
    logout: lower(system.logout),
    make:
      makes === "create"
        ? lower("create", system.deal)
        : lower(makes, makes.includes(" ") ? "" : system.item),
    note: lower("add", system.note),
    cancel: lower(system.cancel, system.deal),
    confirm: lower(system.confirm, system.deal),
    move: lower("update", system.deal, "status"),
    create: lower(system.create, system.folder),
    update: lower("update", system.folder),
    remove: lower(system.remove, system.folder),
  };
}

/** The schema of a system. */
export function sdlOf(plan: SystemPlan): string {
  const { system, kinds, kindField, money, extra, transition, login } = plan;
  const n = names(plan);
  const [item, deal, folder] = [pascalCase(system.item), pascalCase(system.deal), pascalCase(system.folder)];
  const itemRef = referenceName(plan, system.item);
  const dealRef = referenceName(plan, system.deal);
  const folderRef = referenceName(plan, system.folder);
  const extraArgument =
    extra === "date"
      ? ", startDate: String!"
      : extra === "quantity"
        ? ", quantity: Int!"
        : extra === "choice"
          ? ", service: Service!"
          : "";
  const filters = plan.filters ? `(${kindField}: Kind, ${nameInStyle(plan, "max", money)}: Float)` : "";
  const moves =
    transition === "action"
      ? `  ${n.cancel}(${dealRef}: ID!): ${deal}!\n  ${n.confirm}(${dealRef}: ID!): ${deal}!`
      : `  ${n.move}(${dealRef}: ID!, status: Status!): ${deal}!`;
  const credentials =
    login === "none"
      ? ""
      : `  ${n.login}(email: String!, password: String!): Session!\n  ${n.logout}: Boolean!\n`;
  return `
enum Kind { ${kinds.join(" ")} }
enum Status { requested confirmed cancelled }
${extra === "choice" ? "enum Service { standard premium }" : ""}
${login === "none" ? "" : "type Session { token: String! }"}
type ${item} { ${idName(plan, system.item)}: ID! name: String! ${kindField}: Kind! ${money}: Float! available: Boolean! }
type ${deal} { ${idName(plan, system.deal)}: ID! ${nameInStyle(plan, system.item)}: ${item}! status: Status! ${plural(system.note)}: [String!]! }
type ${folder} { ${idName(plan, system.folder)}: ID! ${plan.folderName}: String! ${system.folderSize}: Int }
type Query {
  ${n.items}${filters}: [${item}!]!
  ${n.item}(${idName(plan, system.item)}: ID!): ${item}
  ${n.deals}: [${deal}!]!
  ${n.folders}: [${folder}!]!
}
type Mutation {
${credentials}  ${n.make}(${itemRef}: ID!${extraArgument}): ${deal}!
  ${n.note}(${dealRef}: ID!, ${plan.noteField}: String!): ${deal}!
${moves}
  ${n.create}(${plan.folderName}: String!, ${system.folderSize}: Int): ${folder}!
  ${n.update}(${folderRef}: ID!, ${plan.folderName}: String, ${system.folderSize}: Int): ${folder}!
  ${n.remove}(${folderRef}: ID!): Boolean!
}
`;
}

function resolversOf(state: SystemState): Resolvers {
  const { plan } = state;
  const { system, extra } = plan;
  const n = names(plan);
  const itemJson = (one: SystemPlan["items"][number]) => ({
    [idName(plan, system.item)]: one.id,
    name: one.name,
    [plan.kindField]: one.kind,
    [plan.money]: one.price,
    available: one.available,
  });
  const dealJson = (deal: Deal) => ({
    [idName(plan, system.deal)]: deal.id,
    [nameInStyle(plan, system.item)]: itemJson(deal.item),
    status: deal.status,
    [plural(system.note)]: deal.notes,
  });
  const folderJson = (one: OwnFolder) => ({
    [idName(plan, system.folder)]: one.id,
    [plan.folderName]: one.name,
    [system.folderSize]: one.size,
  });
  const good = <T>(value: T | SystemRefusal): T => {
    if (isRefusal(value))
      throw new GraphQLError(value.message, { extensions: { code: codeOf(value.status) } });
    return value;
  };
  const userOf = ({ user }: Caller): string =>
    good<string>(user ?? { status: 401, message: "Log in first." });
  const own = (args: Arguments, caller: Caller): Deal =>
    good(state.ownDeal(userOf(caller), String(args[referenceName(plan, system.deal)])));
  const ownFolder = (args: Arguments, caller: Caller): OwnFolder =>
    good(state.ownFolder(userOf(caller), String(args[referenceName(plan, system.folder)])));
  const sizeOf = (args: Arguments): number | undefined => {
    const size = args[system.folderSize];
    if (size === undefined || size === null) return undefined;
    if (Number(size) < 1 || Number(size) > 10)
      good({ status: 422, message: `${system.folderSize} must be between 1 and 10.` });
    return Number(size);
  };
  return {
    [n.items]: (args) => {
      const most = args[nameInStyle(plan, "max", plan.money)];
      const kind = args[plan.kindField];
      return plan.items
        .filter((one) => (kind ?? one.kind) === one.kind && Number(most ?? one.price) >= one.price)
        .map(itemJson);
    },
    [n.item]: (args) => {
      const found = state.item(String(args[idName(plan, system.item)]));
      return found === undefined ? null : itemJson(found);
    },
    [n.deals]: (_, caller) => {
      const user = userOf(caller);
      return state.deals
        .filter((deal) => deal.user === user)
        .slice(-20)
        .map(dealJson);
    },
    [n.folders]: (_, caller) => {
      const user = userOf(caller);
      return state.folders
        .filter((one) => one.user === user && !one.isDeleted)
        .slice(-20)
        .map(folderJson);
    },
    [n.login]: (args) => ({ token: good(state.login(args.email, args.password)) }),
    [n.logout]: (_, { token }) => {
      state.logout(token ?? "");
      return true;
    },
    [n.make]: (args, caller) => {
      const user = userOf(caller);
      if (extra === "quantity" && !(Number(args.quantity) >= 1 && Number(args.quantity) <= 4))
        good({ status: 422, message: "quantity must be between 1 and 4." });
      if (extra === "date" && !(Date.parse(String(args.startDate)) > Date.now()))
        good({ status: 422, message: "startDate must be a date in the future." });
      const id = String(args[referenceName(plan, system.item)]);
      return dealJson(good(state.deal({ user, trace: caller.trace }, id)));
    },
    [n.note]: (args, caller) => {
      const deal = own(args, caller);
      deal.notes.push(String(args[plan.noteField]));
      return dealJson(deal);
    },
    [n.cancel]: (args, caller) => dealJson(good(state.move(own(args, caller), "cancelled"))),
    [n.confirm]: (args, caller) => dealJson(good(state.move(own(args, caller), "confirmed"))),
    [n.move]: (args, caller) => dealJson(good(state.move(own(args, caller), args.status as Deal["status"]))),
    [n.create]: (args, caller) => {
      const user = userOf(caller);
      return folderJson(
        state.folder({ user, trace: caller.trace }, String(args[plan.folderName]), sizeOf(args)),
      );
    },
    [n.update]: (args, caller) => {
      const folder = ownFolder(args, caller);
      const name = args[plan.folderName];
      if (typeof name === "string") folder.name = name;
      folder.size = sizeOf(args) ?? folder.size;
      return folderJson(folder);
    },
    [n.remove]: (args, caller) => {
      ownFolder(args, caller).isDeleted = true;
      return true;
    },
  };
}

const codeOf = (status: number): string =>
  capital(
    status === 401
      ? "UNAUTHENTICATED"
      : status === 404
        ? "NOT_FOUND"
        : status === 409
          ? "CONFLICT"
          : "BAD_USER_INPUT",
  );

/** Serves a system's GraphQL interface on a free loopback port. */
export async function startGraphql(state: SystemState): Promise<{ url: string; close(): Promise<void> }> {
  const schema = buildSchema(sdlOf(state.plan));
  const rootValue = resolversOf(state);
  return listenOnLoopback(async (request, response) => {
    const text = await bodyOf(request);
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    const trace = String(request.headers.traceparent ?? "").split("-")[1] ?? "";
    const contextValue: Caller = { token, trace, user: state.userOf(token) };
    let asked: { query?: unknown; variables?: Record<string, unknown> } = {};
    try {
      asked = JSON.parse(text);
    } catch {
      // Answered below: a request without a query.
    }
    const result =
      typeof asked.query === "string"
        ? await graphql({
            schema,
            source: asked.query,
            rootValue,
            contextValue,
            variableValues: asked.variables ?? {},
          })
        : { errors: [{ message: "a query is needed" }] };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(result));
  });
}

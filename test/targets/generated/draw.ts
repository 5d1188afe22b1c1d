import { type Random, randomFrom, seedOf } from "@ape/core/lib/random";
import { ASIDE, DOMAINS, NAMES, SHARED } from "./words.ts";

export type Face = "rest" | "graphql" | "web";
export type IdStyle = "number" | "uuid" | "prefixed" | "slug";

/** The words that a system uses, or those of a user's goals. */
export interface Words {
  item: string;
  deal: string;
  make: string;
  cancel: string;
  confirm: string;
  note: string;
  folder: string;
  folderSize: string;
  find: string;
  create: string;
  change: string;
  remove: string;
  login: string;
  logout: string;
}

/** Everything that a seed decides about a system. */
export interface SystemPlan {
  seed: number;
  face: Face;
  system: Words;
  user: Words;
  kindField: string;
  kinds: readonly string[];
  money: string;
  noteField: string;
  folderName: string;
  snake: boolean;
  prefix: string;
  idStyle: IdStyle;
  /** `id`, `boatId`, `_id`, ... by thing. */
  idField: "id" | "named" | "_id" | "code";
  envelope: "bare" | "data" | "items" | "named";
  created: "object" | "wrapped" | "id" | "location";
  paging: "none" | "page" | "offset" | "cursor";
  filters: boolean;
  login: "none" | "bearer" | "header" | "query" | "cookie" | "password";
  loginPath: string;
  tokenField: "token" | "access_token" | "ticket" | "pass" | "nested";
  transition: "action" | "patch" | "state";
  update: "PATCH" | "PUT";
  nested: boolean;
  errors: "problem" | "error" | "errors" | "message";
  summaries: "verb" | "create" | "none";
  /** A further required input of a deal. */
  extra: "none" | "date" | "quantity" | "choice";
  aside: readonly string[];
  items: readonly Item[];
}

/** An entry of the catalogue. */
export interface Item {
  id: string;
  name: string;
  kind: string;
  price: number;
  available: boolean;
}

const ITEMS = 36;

/** Draws a system: the same seed gives the same one. */
export function drawSystem(seed: number): SystemPlan {
  const random = randomFrom(seedOf("generated system", seed));
  const one = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const faces: readonly Face[] = ["rest", "rest", "graphql", "web"];
  const domain = one(DOMAINS);
  const face = faces[seed % faces.length] as Face;
  const own = {
    item: one(domain.item),
    deal: one(domain.deal),
    make: one(domain.make),
    cancel: one(SHARED.cancel),
    confirm: one(SHARED.confirm),
    note: one(SHARED.note),
    folder: one(SHARED.folder),
    folderSize: one(SHARED.folderSize),
    find: one(SHARED.find),
    create: one(SHARED.create),
    change: one(SHARED.change),
    remove: one(SHARED.remove),
    login: one(SHARED.login),
    logout: one(SHARED.logout),
  };
  /** A user has another word than the system in about a third of the cases. */
  const other = (word: string, of: readonly string[]) => (random() < 0.35 ? one(of) : word);
  const user: Words = {
    item: other(own.item, domain.item),
    deal: other(own.deal, domain.deal),
    make: other(own.make, domain.make),
    cancel: other(own.cancel, SHARED.cancel),
    confirm: other(own.confirm, SHARED.confirm),
    note: other(own.note, SHARED.note),
    folder: own.folder,
    folderSize: own.folderSize,
    find: one(SHARED.find),
    create: one(SHARED.create),
    change: one(SHARED.change),
    remove: one(SHARED.remove),
    login: one(SHARED.login),
    logout: one(SHARED.logout),
  };
  const idStyle = one(["number", "uuid", "prefixed", "slug"] as const);
  return {
    seed,
    face,
    system: own,
    user,
    kindField: one(domain.kindField),
    kinds: domain.kinds,
    money: one(domain.money),
    noteField: one(SHARED.noteField),
    folderName: one(SHARED.folderName),
    snake: random() < 0.4,
    prefix: one(["", "", "/api", "/api/v1", "/v2"]),
    idStyle,
    idField: one(["id", "id", "named", "_id", "code"] as const),
    envelope: one(["bare", "data", "items", "named"] as const),
    created: one(["object", "object", "wrapped", "id", "location"] as const),
    paging: one(["none", "page", "offset", "cursor"] as const),
    filters: random() < 0.5,
    login: one(["none", "bearer", "bearer", "header", "query", "cookie", "password"] as const),
    loginPath: one(["/login", "/sessions", "/auth/token", "/signin"]),
    tokenField: one(["token", "access_token", "ticket", "pass", "nested"] as const),
    transition: one(["action", "patch", "state"] as const),
    update: one(["PATCH", "PUT"] as const),
    nested: random() < 0.25,
    errors: one(["problem", "error", "errors", "message"] as const),
    summaries: one(["verb", "create", "none"] as const),
    extra: one(["none", "none", "date", "quantity", "choice"] as const),
    aside: drawSome(ASIDE, 2 + Math.floor(random() * 3), random),
    items: drawItems(idStyle, domain.kinds, random),
  };
}

function drawSome(of: readonly string[], count: number, random: Random): string[] {
  const left = [...of];
  return Array.from({ length: count }, () => left.splice(Math.floor(random() * left.length), 1)[0] as string);
}

function drawItems(style: IdStyle, kinds: readonly string[], random: Random): Item[] {
  return Array.from({ length: ITEMS }, (_, index) => ({
    id: idOf(style, "it", index + 1, random),
    name: `${NAMES[index % NAMES.length] ?? ""} ${1 + Math.floor(index / NAMES.length)}`,
    kind: kinds[index % kinds.length] ?? "",
    price: Math.round((5 + random() * 195) * 100) / 100,
    available: random() < 0.85,
  }));
}

/** An id in the style of a system. */
export function idOf(style: IdStyle, prefix: string, number: number, random: Random): string {
  const hex = (count: number) =>
    Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join("");
  if (style === "number") return String(1_000 + number * 7);
  if (style === "uuid") return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  return style === "prefixed" ? `${prefix}_${hex(10)}` : `${prefix}-${number}-${hex(4)}`;
}

import type { Json } from "@ape/core/lib/json";
import { numberFrom } from "@ape/core/lib/lossless-number";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  isPending,
  isShownBefore,
  noteShown,
  showsEnded,
  showsRestriction,
  showsUnready,
} from "./resource-state.ts";

afterEach(() => void vi.useRealTimers());

const list = (words: string): string[] => words.trim().split(/\s+/);
/** A field below so many objects. */
const below = (levels: number, field: Json): Json =>
  levels === 0 ? field : { inner: below(levels - 1, field) };
/** An object with so many fields that say nothing, then one that does. */
const after = (fields: number, field: Record<string, Json>): Json => ({
  ...Object.fromEntries(Array.from({ length: fields }, (_, index) => [`f${index}x`, 1])),
  ...field,
});

describe("a restriction", () => {
  test.each<[string, Json]>([
    ["state", "closed"],
    ["orderState", "x"],
    ["lifecycle", 3],
    ["status", "xok"],
    ["status", "okx"],
    ["deletedAt", "2026-01-01"],
    ["locked_by", "u-1"],
    ["stock", 0],
    ["stock_left", -1],
    ["instock", 0],
    ["quantity", numberFrom("0.00000000000000000000")],
    ["archived", true],
    ["soldout", true],
    ["iscanceled", true],
    ["hasreadonly", true],
    ["wasdraft", true],
    ["xvalid", true],
    ["is_active", false],
    ["isvalid", false],
    ["instock", false],
    ["validx", true],
  ])("is %s: %j", (key, value) => {
    const good = value === false;
    expect(showsRestriction({ [key]: value })).toBe(!good || !showsRestriction({ [key]: true }));
    if (!good) expect(showsRestriction([{ other: { [key]: value } }])).toBe(true);
  });

  test.each<[string, Json]>([
    ["status", "active"],
    ["status", "in stock"],
    ["status", "instock"],
    ["status", ""],
    ["status", null],
    ["phasex", "closed"],
    ["createdAt", "2026-01-01"],
    ["submited_on", "2026-01-01"],
    ["owner_date", "2026-01-01"],
    ["deletedAt", ""],
    ["deletedAtx", "2026-01-01"],
    ["stock", 1],
    ["xqty", 0],
    ["stock x", 0],
    ["archived", false],
    ["xdraft", false],
    ["available", true],
    ["isvalid", true],
    ["instock", true],
    ["name", "closed"],
    ["links", null],
  ])("is not %s: %j", (key, value) => {
    const isUnknownFlag = key === "xdraft";
    expect(showsRestriction({ [key]: value })).toBe(isUnknownFlag);
  });

  test.each(
    list(`link links control actions potentialAction affordance form templates queries command method verbs transition
      permissions capability capabilities operation supportedOperations rights scope role access acl allowed allowedX canEdit
      can_edit mayPay allowedActions permitted_methods nextStates validTransition possibleOperations availableActions
      _links @controls $actions hal:links x.forms`),
  )("is any list of allowed operations: %s", (key) => {
    expect(showsRestriction({ [key]: "x" })).toBe(true);
    expect(showsRestriction({ data: { [key]: [] } })).toBe(true);
  });

  test.each(list("candle mayor linked xform formx roleName"))("is not %s", (key) => {
    expect(showsRestriction({ [key]: "x" })).toBe(false);
  });

  test.each(
    list(`deleted isDeleted is_deleted hasLocked has_locked wasClosed was_closed canceled cancelled soldOut sold_out readOnly
    read_only`),
  )("is not a flag %s that is not set", (key) => {
    expect(showsRestriction({ [key]: false })).toBe(false);
    expect(showsRestriction({ [key]: true })).toBe(true);
  });

  test.each(list("recreatedAt xdeletedAt deletedx_at archived_ is_x"))("is %s", (key) => {
    expect(
      showsRestriction({ [key]: key.startsWith("is") || key.startsWith("archived") ? false : "2026-01-01" }),
    ).toBe(true);
  });

  test.each(
    list(`action template verb permission supportedOperation allowedItemActions validMethod nextOperation possibleState
    availableVerb availableVerbs nextAction permittedAction`),
  )("is a list of allowed operations by %s", (key) => {
    expect(showsRestriction({ [key]: "x" })).toBe(true);
  });

  test("is what lists put too deep", () => {
    expect(showsRestriction({ a: [{ b: 1 }] })).toBe(false);
    expect(showsRestriction({ a: [{ b: [{ c: 1 }] }] })).toBe(true);
  });

  test("is whatever lies too deep, or is too much to be looked at", () => {
    expect(showsRestriction(below(3, { name: "x" }))).toBe(false);
    expect(showsRestriction(below(4, { name: "x" }))).toBe(true);
    expect(showsRestriction(after(200, {}))).toBe(false);
    expect(showsRestriction(after(201, {}))).toBe(true);
    const items = (at: number): Json =>
      Array.from({ length: at + 1 }, (_, i): Json => (i === at ? { archived: true } : { n: 1 }));
    expect(showsRestriction(items(19))).toBe(true);
    expect(showsRestriction(items(20))).toBe(false);
  });
});

describe("something unready", () => {
  const later = "2999-01-01";
  test.each<[string, Json]>([
    ...list(`ready done complete completed isdone is_ready has_been_loaded online enabled provisioned initialised
      emailVerified is_synced synchronized built`).map((key): [string, Json] => [key, false]),
    ...list(`publishAt release_at released_since goLive_from active_date activated_on enable_on embargo_at embargo_until
      hiddenUntil not_before notBefore nbf valid_from unlocked_after live_time`).map(
      (key): [string, Json] => [key, later],
    ),
    ["status", "pending"],
    ["state", "in progress"],
    ["eta", 5],
    ["order_eta", "soon"],
    ["progress_pct", 0],
    ["percent", 10],
    ["available_from", "2020-01-01"],
    ["availableAt", "2020-01-01"],
    ["estimatedTime", 3],
    ["ready_at", "x"],
    ["expected_time", "x"],
  ])("is %s: %j", (key, value) => {
    expect(showsUnready({ [key]: value })).toBe(true);
    expect(showsUnready({ data: [{ [key]: value }] })).toBe(true);
  });

  test.each<[string, Json]>([
    ["ready", true],
    ["idone", false],
    ["livex", false],
    ["builtx", false],
    ["a built", false],
    ["publishAt", "2020-01-01"],
    ["publishAt", "later: 2999-01-01"],
    ["xnbf", later],
    ["nbfx", later],
    ["liveatx", later],
    ["a liveat", later],
    ["xnotbefore", later],
    ["notbeforex", later],
    ["xhiddenuntil", later],
    ["hiddenuntilx", later],
    ["startsAt", later],
    ["status", "paid"],
    ["name", "pending"],
    ["xeta", 5],
    ["eta", null],
    ["readyatx", "x"],
    ["xestimated", 3],
    ["availableatx", 3],
  ])("is not %s: %j", (key, value) => {
    expect(showsUnready({ [key]: value })).toBe(false);
  });

  test.each<[Json, Json, boolean]>([
    ["Ready", "False", true],
    ["Ready", "unknown", true],
    ["Ready", false, true],
    ["Ready", "True", false],
    ["Ready", "xfalse", false],
    ["Ready", "falsex", false],
    ["Readyx", "False", false],
    [1, "False", false],
  ])("is the condition of type %j with status %j: %j", (type, status, expected) => {
    expect(showsUnready({ conditions: [{ type, status }] })).toBe(expected);
  });

  test("has a time that has not come yet, in milliseconds or seconds", () => {
    const at = (validFrom: Json): boolean => showsUnready({ validFrom });
    const now = Date.parse("2026-01-01");
    vi.useFakeTimers({ now });
    expect([at(now + 60_000), at(now / 1_000 + 60), at(now - 1_000), at(now / 1_000 - 1), at(12)]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(at(now / 100)).toBe(false);
    expect(at(true)).toBe(false);
  });

  test.each(list(`hasBeenReady hasbeen_ready has_been_ready isReady`))("is not %s", (key) => {
    expect(showsUnready({ [key]: false })).toBe(true);
    expect(showsUnready({ [key]: true })).toBe(false);
  });

  test.each(list("mypublishat my_publishat publishat unlockat goLiveAt"))(
    "has a %s that has not come yet",
    (key) => {
      expect(showsUnready({ [key]: later })).toBe(true);
    },
  );

  test.each(list("readyat expectedby my_eta eta_minutes my_eta_minutes"))("has the expectation %s", (key) => {
    expect(showsUnready({ [key]: "x" })).toBe(true);
  });

  test("has no time that is now", () => {
    const now = Date.parse("2026-01-01");
    vi.useFakeTimers({ now });
    for (const validFrom of [now, now / 1_000, "2026-01-01"]) expect(showsUnready({ validFrom })).toBe(false);
  });

  test("is not looked for in what lists put too deep", () => {
    expect(showsUnready({ a: [{ ready: false }] })).toBe(true);
    expect(showsUnready({ a: [{ b: [{ ready: false }] }] })).toBe(false);
  });

  test("is not looked for too deep or in too many fields", () => {
    expect(showsUnready(below(3, { ready: false }))).toBe(true);
    expect(showsUnready(below(4, { ready: false }))).toBe(false);
    expect(showsUnready(after(199, { ready: false }))).toBe(true);
    expect(showsUnready(after(200, { ready: false }))).toBe(false);
    const items = (at: number): Json =>
      Array.from({ length: at + 1 }, (_, i): Json => (i === at ? { ready: false } : {}));
    expect(showsUnready(items(19))).toBe(true);
    expect(showsUnready(items(20))).toBe(false);
  });
});

describe("something that ended", () => {
  test.each<[string, Json]>([
    ["deleted", true],
    ["is_deleted", 1],
    ["has_been_removed", "yes"],
    ["hasbeenexpired", true],
    ["soft_deleted", true],
    ["deletionDate", "2026-01-01"],
    ["tombstone", true],
    ["wascanceledon", "2026-01-01"],
    ["state", "gone"],
  ])("is %s: %j", (key, value) => {
    expect(showsEnded({ [key]: value })).toBe(true);
    expect(showsEnded([{ data: { [key]: value } }])).toBe(true);
  });

  test.each<[string, Json]>([
    ["deleted", false],
    ["deleted", null],
    ["deleted", ""],
    ["deleted", 0],
    ["deleted", numberFrom("0.00000000000000000000")],
    ["gonex", true],
    ["xgone", true],
    ["state", "open"],
    ["state", 1],
    ["note", "gone"],
  ])("is not %s: %j", (key, value) => {
    expect(showsEnded({ [key]: value })).toBe(false);
  });

  test.each(list("isdeleted is_deleted softdeleted soft_deleted wasGone"))("is %s", (key) => {
    expect(showsEnded({ [key]: true })).toBe(true);
    expect(showsEnded({ a: [{ [key]: true }] })).toBe(true);
    expect(showsEnded({ a: [{ b: [{ [key]: true }] }] })).toBe(false);
  });

  test("is looked for three levels deep and among twenty items", () => {
    expect(showsEnded(below(3, { deleted: true }))).toBe(true);
    expect(showsEnded(below(4, { deleted: true }))).toBe(false);
    const items = (at: number) => Array.from({ length: at + 1 }, (_, i) => ({ deleted: i === at }));
    expect(showsEnded(items(19))).toBe(true);
    expect(showsEnded(items(20))).toBe(false);
  });
});

test.each(
  list(
    "pending QUEUED build building CREATE_IN_PROGRESS in-progress inprogress initialised initializing new",
  ),
)("%s is a state of something that is not ready", (state) => {
  expect(isPending(state.replace("inProgress", "inprogress"))).toBe(true);
});

test.each(["renewed", "buildings", "xpending", "pendingx", "paid"])("%s is none", (state) => {
  expect(isPending(state)).toBe(false);
});

describe("what was shown before", () => {
  const isShown = (json: Json, ...shown: Json[]): boolean => {
    const before = new Set<string>();
    for (const one of shown) noteShown(one, before);
    return isShownBefore(json, before);
  };

  test("is every name with its value, lists and empty objects included", () => {
    expect(isShown({ a: [], b: {}, c: [1, 2] }, { a: [], b: {} }, { c: 1 }, { c: 2 })).toBe(true);
    expect(isShown({ a: [] }, { a: {} })).toBe(false);
    expect(isShown({ a: [] }, { a: "" })).toBe(false);
    expect(isShown({ a: {} }, { a: "" })).toBe(false);
    expect(isShown(below(4, { v: 1 }), below(4, ""))).toBe(false);
    expect(isShown({ c: [1, 3] }, { c: [1, 2] })).toBe(false);
    expect(isShown({ x: { c: 1 } }, { c: 1 })).toBe(true);
  });

  test.each(
    list(
      "id uuid _id etag create update created createdAt updated_at modified_on inserted changedBy added add recorded_date",
    ),
  )("needs not be %s", (key) => {
    expect(isShown({ [key]: "x" })).toBe(true);
  });

  test.each(list("createt xid idx adder owner"))("must be %s", (key) => {
    expect(isShown({ [key]: "x" })).toBe(false);
  });

  test("is an own address at the top or in one object around it", () => {
    for (const key of ["self", "href", "url", "_url", "uri"]) {
      expect(isShown({ [key]: "/a" })).toBe(true);
      expect(isShown({ links: { [key]: "/a" } })).toBe(true);
      expect(isShown({ links: { next: { [key]: "/a" } } })).toBe(false);
    }
    for (const key of ["xurl", "urlx"]) expect(isShown({ [key]: "/a" })).toBe(false);
  });

  test("beyond the limit of depth values are not told apart", () => {
    const deep = (levels: number, value: Json) => below(levels, { v: value });
    expect(isShown(deep(3, 1), deep(3, 2))).toBe(false);
    expect(isShown(deep(4, 1), deep(4, 2))).toBe(true);
  });
});

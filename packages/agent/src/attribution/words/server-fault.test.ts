import type { Json } from "@ape/core/lib/json";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import fc from "fast-check";
import { expect, test } from "vitest";
import { serverFault } from "./server-fault.ts";

const call: ToolCall = {
  target: "shop",
  method: "POST",
  path: "/items",
  data: { name: "Segmentation fault" },
};
const answer = (json: Json): ToolResult => ({
  status: 400,
  headers: {},
  body: { kind: "json", json, bytes: 1 },
  timing: { total: 1, queue: 0, dns: 0, connect: 0, tls: 0, firstByte: 1, body: 0 },
  attempts: [],
  operation: "POST /items",
});

test.each([
  "NullPointerException at com.x.Items.create(Items.java:12)",
  "Cannot read properties of undefined (reading 'id')",
  "TypeError: items.map is not a function",
  "AttributeError: 'NoneType' object has no attribute 'id'",
  "undefined method `name' for nil:NilClass",
  "runtime error: invalid memory address or nil pointer dereference",
  "SQLSTATE[42S02]: Base table or view not found: 1146 Table 'shop.items' doesn't exist",
  'relation "items" does not exist',
  "SQLITE_BUSY: database is locked",
  "Deadlock found when trying to get lock; try restarting transaction",
  "ERROR: deadlock detected",
  "FATAL: sorry, too many connections already",
  "upstream connect error or disconnect/reset before headers",
  "write /data/a: no space left on device",
  "cannot read property 'a' of null",
  "undefined is not a function",
  "'NoneType' is not a valid object",
  "undefined local variable or method `price' for nil",
  "Call to a member function total() on null",
  "Undefined array key 3 in /srv/cart.php",
  "SQLSTATE 08006",
  "SQLSTATE[53300]",
  "SQLSTATE: 57P01",
  "SQLSTATE58030",
  "SQLSTATEXX000",
  "ORA-00942",
  "too many database connections",
  "connection pool is exhausted",
  "connection pool timed out",
  "unable to acquire a connection",
  "unable to acquire jdbc connection",
  "upstream timed out",
  "Error: Deadlock found.",
  "error deadlock victim",
  "transaction was deadlocked",
  "Transaction deadlocked",
  "database is locked",
  "unable to acquire connection now",
  "errordeadlock found",
  "  - deadlock found",
])("%s proves a fault within the target", (text) => {
  expect(serverFault(call, answer({ error: text }))).toBe("proven");
  expect(serverFault(call, { ...answer({}), body: { kind: "text", text, bytes: 9, cut: false } })).toBe(
    "proven",
  );
});

test.each([
  "Internal Server Error",
  "An unexpected error occurred",
  "Something went wrong",
  "the workflow has a deadlock between a and b",
  "SQLSTATE[HY000]: General error",
  'Traceback (most recent call last): File "/srv/app.py", line 3, in create',
  "at Items.create (/srv/items.js:10:3)",
  "connect ECONNREFUSED 10.0.0.3:5432",
  "service unavailable",
  "Request failed with status code 500",
  "upstream answered: 502 Bad Gateway",
  "HTTP 503: try later",
  "The server is currently unavailable.",
  "backend temporarily unavailable",
  "internalError",
  "internal servererror",
  "internalserver error",
  "servererror",
  "fatal servererror",
  "unexpected server error",
  "SQLSTATE24000",
  "at Shop.Cart.Add(Item item) in C:/shop/Cart.cs:line 1",
  "at create (/srv/items.js:10:12)",
  'File "/srv/app.py", line 1',
  "in /srv/cart.php:1",
  "/srv/cart.go:12",
  "internal_server_error",
  "internal fault",
  "system exception",
  "fatal server errors",
  "an error has gone wrong",
  "deadlocks",
  "deadlock errorx",
  "xdeadlock-error, deadlock",
  "SQLSTATE 24000",
  "SQLError",
  "SequelizeError",
  "SequelizeDatabaseError",
  "the database is down",
  "backend down",
  "panic: no",
  "panicked",
  "at com.x.Items.create(Items.kt:12)",
  "at Shop.Cart.Add(Item item) in C:/shop/Cart.cs:line 12",
  "at async create (node:internal/fs:10:3)",
  "at file:///srv/a.js:1:20",
  "at C:\\srv\\a.js:1:20",
  'File "/srv/app.py", line 12',
  "#12 /srv/cart.php(82): total",
  "in /srv/cart.php on line 12",
  "in /srv/cart.php:12",
  "/srv/cart.rb:12:in `total'",
  "/srv/cart.go:12 +0x1d",
])("%s is no proof of it", (text) => {
  expect(serverFault(call, answer({ error: text }))).toBe("possible");
});

test.each([
  "table 12 does not exist",
  "no such table: 12",
  'Table "12" doesn\'t exist',
  "the table by the window does not exist",
])("an API about tables says: %s", (text) => {
  expect(serverFault({ ...call, data: { table: 12 } }, answer({ error: text }))).toBeUndefined();
});

test.each<[string, Partial<ToolCall>]>([
  ["no such table: window", { data: { table: "window" } }],
  ["no such table: window", { data: { seat: "window" } }],
  ["no such table: window", { path: "/tables/window/orders" }],
  ['relation "sister" does not exist', { data: { relationType: "sister" } }],
])("%s can be about what was asked for", (text, asked) => {
  expect(serverFault({ ...call, ...asked }, answer({ error: text }))).not.toBe("proven");
});

test("a request about tablets is none about tables", () => {
  const about = (path: string) =>
    serverFault({ ...call, path, data: {} }, answer({ error: "no such table: items" }));
  expect(["/tablets", "/stable", "/tableware"].map(about)).toEqual(["proven", "possible", "proven"]);
  expect(
    ["/table_id", "/tables-free", "/tableId", "/restaurantTables", "/TABLE_ID", "/table"].map(about),
  ).toEqual(Array.from({ length: 6 }, () => "possible"));
});

test.each(["no such table: items", "Table 'shop.items' doesn't exist", "Invalid object name 'dbo.items'."])(
  "%s is what a database says",
  (text) => {
    expect(serverFault(call, answer({ error: text }))).toBe("proven");
  },
);

test.each([
  "name must not be blank",
  "validation error",
  "SQLSTATE[23505]: Unique violation: duplicate key value",
  "The delivery service is unavailable in your area",
  "MethodArgumentNotValidException: size at com.x.Items.create(Items.java:12)",
  'ValueError: size must be positive File "/srv/app.py", line 3',
  "upstream branch not found",
  "insufficient stock",
  "Segmentation fault is already taken",
  "xserver unavailable",
  "the service is unavailable today",
  "SQLSTATE 22001",
  "table for two does not exist",
  "at home (all day): no",
  "UnauthorisedError at com.x.Items.create(Items.java:12)",
  "UnauthorizedException at com.x.Items.create(Items.java:12)",
  "OptimisticLockError at com.x.Items.create(Items.java:12)",
  "OptimisticLockingFailureException at com.x.Items.create(Items.java:12)",
])("%s is a refusal like any other", (text) => {
  expect(serverFault(call, answer({ error: text }))).toBeUndefined();
});

test("a text of the request that the refusal repeats is no sign", () => {
  const words = ["deadlock detected", "NullPointerException", "internal server error", "no such table: x"];
  fc.assert(
    fc.property(fc.constantFrom(...words), fc.constantFrom("is taken", "is too long", ""), (text, said) => {
      const sent: ToolCall = { ...call, data: { title: text } };
      expect(serverFault(sent, answer({ error: `${text} ${said}`.trim() }))).toBeUndefined();
    }),
  );
});

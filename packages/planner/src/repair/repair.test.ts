import { expect, test } from "vitest";
import { field, operation } from "../../test/fake.ts";
import { column, nextCall, type Past } from "../../test/next-call.ts";

const id = field("path", "id", "string!", "Id of the ware");
const api = {
  target: "shop",
  title: "The shop",
  documented: true,
  auth: [{ type: "bearer" as const }],
  operations: [
    operation("POST /login", "Log in", [
      field("body", "user", "string!", ""),
      field("body", "password", "string!", ""),
      field("answer", "token", "string", ""),
    ]),
    operation("GET /wares", "List the wares", [
      field("answer", "[].id", "string", "Id of the ware"),
      field("answer", "[].price", "number", "Price in dollars"),
    ]),
    operation("POST /cart/lines*", "Add a ware to the cart", [
      field("body", "wareId", "string!", "Id of the ware"),
      field("body", "quantity", "integer!", "How many", { minimum: 1 }),
    ]),
    operation("GET /cart*", "Show the cart", [field("answer", "lines[].wareId", "string", "Id of the ware")]),
    operation("DELETE /cart/lines/{id}*", "Remove a ware from the cart", [id]),
    operation("POST /orders*", "Check out: order what is in the cart", [
      field("body", "remark", "string", "A remark"),
      field("answer", "id", "string", "Id of the order"),
    ]),
    operation("POST /notes", "Write a note", [
      field("body", "title", "string!", "Title of the note"),
      field("body", "text", "string", "Text of the note"),
      field("answer", "id", "string", "Id of the note"),
    ]),
    operation("DELETE /notes/{id}", "Remove a note", [id]),
  ],
};
const ROW = { facts: [column("user", "ann"), column("password", "{{password}}")] };
const next = (goal: string, ...history: Past[]) => nextCall(api, goal, history, ROW);

const NOTE = 'Write a note with the title "Milk", then remove it.';
const WRITE = 'POST /notes {"title":"Milk"}';
const noted = (status: number, message?: string, more?: Past[3]): Past => [
  WRITE,
  status,
  message === undefined ? null : { message },
  more ?? {},
];
const times = (count: number, past: Past): Past[] => Array.from({ length: count }, () => past);
const WRITTEN: Past = [WRITE, 201, { id: "n1" }];

test("a session begins with what the goal asks for", () => {
  expect(next(NOTE)).toBe(WRITE);
  expect(next(NOTE, WRITTEN)).toBe("DELETE /notes/n1");
  expect(next(NOTE, WRITTEN, ["DELETE /notes/n1", 204])).toBe("finish: Every part of the goal is done.");
});

test.each([0, 408, 425, 502, 504, 599])("after %i a call is made again, four times at most", (status) => {
  expect(next(NOTE, noted(status))).toBe(WRITE);
  expect(next(NOTE, ...times(4, noted(status)))).toMatch(/^finish: POST \/notes failed with .*, 4 times\.$/);
});

test("a write that the server fails at twice is made with its optional fields", () => {
  expect(next(NOTE, noted(500))).toBe(WRITE);
  expect(next(NOTE, ...times(2, noted(500)))).toMatch(/^POST \/notes \{"title":"Milk","text":".+"\}$/);
});

test.each([429, 503])("after %i it is made again, eight times at most", (status) => {
  expect(next(NOTE, ...times(7, noted(status)))).toBe(WRITE);
  expect(next(NOTE, ...times(8, noted(status)))).toBe(`finish: POST /notes failed with ${status}, 8 times.`);
});

test("waits and losses are counted apart", () => {
  expect(next(NOTE, ...times(3, noted(502)), noted(503))).toBe(WRITE);
  expect(next(NOTE, ...times(6, noted(503)), noted(502))).toBe(WRITE);
});

test("a refusal by the agent's own limits is final, and its reason is told", () => {
  expect(next(NOTE, noted(0, undefined, { note: "not allowed here" }))).toBe(
    "finish: POST /notes failed with not allowed here: it is not allowed.",
  );
  expect(next(NOTE, noted(0, undefined, { note: "no route" }))).toBe(WRITE);
  expect(next(NOTE, ...times(4, noted(0)))).toBe("finish: POST /notes failed with no answer, 4 times.");
});

test("a redirected call is sent to where the answer says, not for ever", () => {
  const moved: Past = [WRITE, 308, null, { headers: { location: "/notes/" } }];
  expect(next(NOTE, moved)).toBe('POST /notes/ {"title":"Milk"}');
  expect(next(NOTE, ...times(3, moved))).toBe('POST /notes/ {"title":"Milk"}');
  expect(next(NOTE, ...times(4, moved))).toMatch(/^finish: /);
});

test("what is busy is asked again with the same values", () => {
  expect(next(NOTE, noted(400, "database is locked"))).toBe(WRITE);
  expect(next(NOTE, noted(422, "temporarily unavailable"))).toBe(WRITE);
  expect(next(NOTE, noted(409, "please try again"))).toBe(WRITE);
  expect(next(NOTE, ...times(4, noted(409, "please try again")))).toMatch(/^finish: /);
});

test.each([400, 422])(
  "a refused value that the goal left open is replaced, the others are sent as they were",
  (status) => {
    const goal = 'Write a note with the text "Buy two".';
    const first = /^POST \/notes (\{.+\})$/.exec(next(goal))?.[1] ?? "";
    const { title, ...rest } = JSON.parse(first) as { title: string; text: string };
    expect(rest).toEqual({ text: "Buy two" });
    expect(next(goal, [`POST /notes ${first}`, status, { title: "must be at most 2 characters" }])).toBe(
      `POST /notes {"title":"${title.slice(0, 2)}","text":"Buy two"}`,
    );
  },
);

test.each([400, 422])("a refused value that the goal states is replaced by none", (status) => {
  expect(next(NOTE, [WRITE, status, { title: "must be at most 2 characters" }])).toBe(
    `finish: POST /notes failed with ${status} ("must be at most 2 characters"), and the goal states the title.`,
  );
});

test("a refusal that names no field is answered with the optional ones, once", () => {
  const fuller = next(NOTE, noted(400, "bad request"));
  expect(fuller).toMatch(/^POST \/notes \{"title":"Milk","text":".+"\}$/);
  expect(next(NOTE, noted(400, "bad request"), [fuller, 400, { message: "bad request" }])).toMatch(
    /^finish: /,
  );
});

test.each([403, 404, 405, 410, 418])("after %i for what nothing was chosen or made, it ends", (status) => {
  expect(next(NOTE, noted(status))).toBe(`finish: POST /notes failed with ${status}.`);
});

test("what was lost and cannot be done twice was done the first time", () => {
  const removed: Past = ["DELETE /notes/n1", 404];
  expect(next(NOTE, WRITTEN, ["DELETE /notes/n1", 500], removed)).toBe(
    "finish: Every part of the goal is done.",
  );
  expect(next(NOTE, WRITTEN, ["DELETE /notes/n1", 503], removed)).not.toMatch(/Every part/);
  expect(next(NOTE, WRITTEN, removed)).not.toMatch(/Every part/);
  expect(next(NOTE, WRITTEN, ["DELETE /notes/n1", 409, { message: "already removed" }])).toBe(
    "finish: Every part of the goal is done.",
  );
});

test("what is gone is made again, with the step that made it", () => {
  expect(next(NOTE, WRITTEN, ["DELETE /notes/n1", 404])).toBe(WRITE);
  expect(next(NOTE, WRITTEN, ["DELETE /notes/n1", 404], [WRITE, 201, { id: "n2" }])).toBe("DELETE /notes/n2");
  const conflict: Past = ["DELETE /notes/n1", 409, { message: "in a wrong state" }];
  // Another one of the same kind is refused for the same reason.
  expect(next(NOTE, WRITTEN, conflict)).toBe(
    'finish: DELETE /notes/n1 failed with 409 ("in a wrong state").',
  );
  const gone: Past = ["DELETE /notes/n1", 409, { message: "no longer there" }];
  expect(next(NOTE, WRITTEN, gone, WRITTEN, gone)).toBe(WRITE);
});

const LOGIN = 'POST /login {"user":"ann","password":"{{password}}"}';
const IN: Past = [LOGIN, 200, { token: "t" }];
const LIST: Past = [
  "GET /wares",
  200,
  [
    { id: "w1", price: 3 },
    { id: "w2", price: 4 },
    { id: "w3", price: 90 },
  ],
];
const SHOPPING = "Log in, find a ware under $10, add it to the cart, check out.";
const add = (ware: string): string => `POST /cart/lines {"wareId":"${ware}","quantity":1}`;

test("a login is tried twice, then it ends", () => {
  expect(next(SHOPPING)).toBe(LOGIN);
  expect(next(SHOPPING, [LOGIN, 401])).toBe(LOGIN);
  expect(next(SHOPPING, [LOGIN, 401], [LOGIN, 401])).toBe(
    "finish: POST /login failed with 401: the login is refused.",
  );
});

test("a session that has ended is begun again, five times at most", () => {
  const ended: Past = [add("w1"), 401];
  expect(next(SHOPPING, IN, LIST, ended)).toBe(LOGIN);
  expect(next(SHOPPING, IN, LIST, ended, IN)).toBe(add("w1"));
  expect(next(SHOPPING, IN, LIST, ended, IN, ended)).toBe(LOGIN);
  expect(next(SHOPPING, IN, LIST, ...times(5, ended))).toBe(
    "finish: POST /cart/lines failed with 401 after logging in again.",
  );
});

test("without a login a call that wants one cannot be made", () => {
  expect(next(NOTE, noted(401))).toBe("finish: POST /notes failed with 401, and there is no way to log in.");
});

test.each([403, 404, 409, 410, 422])(
  "a thing that is refused with %i is followed by another one that suits",
  (status) => {
    const chosen = next(SHOPPING, IN, LIST);
    const [first, other] = chosen === add("w1") ? ["w1", "w2"] : ["w2", "w1"];
    expect(chosen).toBe(add(first));
    const refusal: Past = [add(first), status, { wareId: "no" }];
    expect(next(SHOPPING, IN, LIST, refusal)).toBe(add(other));
    expect(next(SHOPPING, IN, LIST, refusal, [add(other), status, { wareId: "no" }])).toMatch(
      /^finish: Cannot go on/,
    );
  },
);

test("a lost write is looked for before it is made again", () => {
  const lost: Past = [add("w1"), 500];
  expect(next(SHOPPING, IN, LIST, lost)).toBe("GET /cart");
  expect(next(SHOPPING, IN, LIST, lost, ["GET /cart", 200, { lines: [{ wareId: "w1" }] }])).toBe(
    "POST /orders",
  );
  expect(next(SHOPPING, IN, LIST, lost, ["GET /cart", 200, { lines: [] }])).toBe(add("w1"));
  expect(next(SHOPPING, IN, LIST, lost, ["GET /cart", 404])).toBe(add("w1"));
  expect(next(SHOPPING, IN, LIST, lost, ["GET /cart", 500])).toBe("GET /cart");
  const ordered: Past = ["POST /orders", 502];
  expect(next(SHOPPING, IN, LIST, [add("w1"), 201], ordered)).toBe("GET /cart");
  expect(next(SHOPPING, IN, LIST, [add("w1"), 201], ordered, ["GET /cart", 200, { lines: [] }])).toMatch(
    /^finish: Every part/,
  );
  expect(
    next(SHOPPING, IN, LIST, [add("w1"), 201], ordered, ["GET /cart", 200, { lines: [{ wareId: "w1" }] }]),
  ).toBe("POST /orders");
});

test("what cannot be bought any more is taken out, and another one put in", () => {
  const refused: Past = ["POST /orders", 409, { message: "sold out" }];
  const history: Past[] = [IN, LIST, [add("w1"), 201], refused];
  expect(next(SHOPPING, ...history)).toBe("DELETE /cart/lines/w1");
  expect(next(SHOPPING, ...history, ["DELETE /cart/lines/w1", 204])).toBe("GET /wares");
  expect(next(SHOPPING, ...history, ["DELETE /cart/lines/w1", 204], LIST)).toBe(add("w2"));
  expect(next(SHOPPING, ...history, ["DELETE /cart/lines/w1", 204], LIST, [add("w2"), 201])).toBe(
    "POST /orders",
  );
});

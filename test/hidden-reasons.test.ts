import { VerificationBudget } from "@ape/agent/attribution/verification-budget";
import type { Event } from "@ape/core/protocol/events";
import { expect, test } from "vitest";
import { type Line, playScript } from "./right-refusals.ts";
import { bodyOf, listenOnLoopback } from "./targets/loopback.ts";

type Doc = Record<string, unknown>;
/** Changes a document, and answers; undefined for what the server does by itself. */
type Rule = (
  call: string,
  doc: Doc,
  body: Doc,
) => { status: number; body?: unknown; type?: string; headers?: Record<string, string> } | undefined;

const missing = (error?: unknown, type?: string) => ({
  status: 404,
  ...(error === undefined ? {} : { body: error }),
  ...(type === undefined ? {} : { type }),
});

/** Serves documents: `POST /docs`, `GET /docs/{id}`; everything else as a rule says. */
async function play(
  rule: Rule,
  script: readonly Line[],
  created: Doc = {},
  success?: string,
  wanted: "attribution" | "reason" = "attribution",
) {
  const doc: Doc = { id: "D1-77aa", title: "A title", ...created };
  const server = await listenOnLoopback(async (request, response) => {
    const text = await bodyOf(request);
    const body = (text === "" ? {} : JSON.parse(text)) as Doc;
    const call = `${request.method} ${request.url}`;
    const own =
      call === "POST /docs"
        ? { status: 201, body: doc }
        : call === "GET /docs"
          ? { status: 200, body: { items: [doc] } }
          : call === `GET /docs/${doc.id}`
            ? { status: 200, body: doc }
            : { status: 404 };
    const answer: ReturnType<Rule> = rule(call, doc, body) ?? own;
    response.writeHead(answer?.status ?? 500, {
      "content-type": answer !== undefined && "type" in answer ? (answer.type ?? "") : "application/json",
      ...answer?.headers,
    });
    const answered = answer !== undefined && "body" in answer ? answer.body : undefined;
    response.end(
      answered === undefined ? "" : typeof answered === "string" ? answered : JSON.stringify(answered),
    );
  });
  try {
    const { events } = await playScript(server.url, script, {
      documented: false,
      budget: new VerificationBudget(),
      seed: "hidden",
      ...(success === undefined ? {} : { success }),
    });
    if (success !== undefined) {
      const ended = events.find(({ type }) => type === "session_ended");
      return ended?.type === "session_ended" ? ended[wanted] : undefined;
    }
    const failed = events.find(
      (event): event is Event & { type: "step" } => event.type === "step" && event.action?.failed === true,
    );
    return failed?.action?.attribution;
  } finally {
    await server.close();
  }
}

const create: Line = () => ({ call: "POST /docs", data: {} });
const list: Line = () => ({ call: "GET /docs" });
const id = "D1-77aa";
const put: Line = () => ({ call: `PUT /docs/${id}`, data: {} });
const remove: Line = () => ({ call: `DELETE /docs/${id}` });
const write =
  (call: ReturnType<Line>["call"], data: Doc = {}): Line =>
  () => ({ call, data: data as never });

/** The rule answers the last call of a script, which each case names, and lets the others pass. */
const refuse =
  (last: string, answer: ReturnType<Rule>, changes: Record<string, Doc> = {}): Rule =>
  (call, doc) => {
    const change = changes[call];
    if (change !== undefined) {
      Object.assign(doc, change);
      return { status: 200, body: { done: true } };
    }
    return call === last ? answer : undefined;
  };

const RIGHT: [string, Rule, Line[], Doc?][] = [
  [
    "a document that the session archived",
    refuse(`PUT /docs/${id}`, missing({ error: "no active document" }), {
      [`POST /docs/${id}/archive`]: { archivedAt: "2026-01-01T00:00:00Z" },
    }),
    [create, write(`POST /docs/${id}/archive`), put],
  ],
  [
    "a document whose status the session changed",
    refuse(`DELETE /docs/${id}`, missing(), { [`PATCH /docs/${id}`]: { status: "archived" } }),
    [create, write(`PATCH /docs/${id}`, { status: "archived" }), remove],
  ],
  [
    "a document that another operation put into the trash",
    refuse(`PUT /docs/${id}`, missing({ error: "doc not found" }), {
      "POST /trash": { deleted_at: "2026-01-01" },
    }),
    [create, write("POST /trash", { id }), put],
  ],
  [
    "trash that no read shows",
    refuse(`DELETE /docs/${id}`, missing({ code: "doc_not_found" }), { "POST /trash": {} }),
    [create, write("POST /trash", { docs: [id] }), remove],
  ],
  [
    "a value of the body that nothing issued",
    refuse(`PUT /docs/${id}`, missing()),
    [create, write(`PUT /docs/${id}`, { category: "Toys" })],
  ],
  [
    "a value deep in the body",
    refuse(`PUT /docs/${id}`, missing({ message: "Category not found" })),
    [create, write(`PUT /docs/${id}`, { meta: { category: "Toys" } })],
  ],
  [
    "a short value of the body",
    refuse(`PUT /docs/${id}`, missing({ error: "not found" })),
    [create, write(`PUT /docs/${id}`, { lang: "de" })],
  ],
  [
    "a translation",
    refuse(`PUT /docs/${id}?lang=de`, missing({ error: "no translation" })),
    [create, write(`PUT /docs/${id}?lang=de`)],
  ],
  [
    "a version in the query, in the server's plain words",
    refuse(`DELETE /docs/${id}?version=2`, missing({ error: "doc not found" })),
    [create, () => ({ call: `DELETE /docs/${id}?version=2` })],
  ],
  [
    "a draft that was published",
    refuse(`PUT /docs/${id}`, missing({ error: "no draft with this id" }), {
      [`POST /docs/${id}/publish`]: { published: true },
    }),
    [create, write(`POST /docs/${id}/publish`), put],
  ],
  [
    "a draft from the beginning",
    refuse(`DELETE /docs/${id}`, missing({ code: "doc_not_found" })),
    [create, remove],
    { status: "draft" },
  ],
  [
    "a locked document",
    refuse(`DELETE /docs/${id}`, missing({ code: "doc_not_found" })),
    [create, remove],
    { lockedBy: "u-1", flags: { legalHold: true } },
  ],
  [
    "a draft that only the answer to its creation calls so",
    (call, doc) =>
      call === "POST /docs"
        ? { status: 201, body: { ...doc, status: "draft" } }
        : call === `DELETE /docs/${id}`
          ? missing({ code: "doc_not_found" })
          : undefined,
    [create, remove],
  ],
  [
    "a draft that only the session called so",
    refuse(`DELETE /docs/${id}`, missing({ error: "not found" })),
    [write("POST /docs", { draft: true }), remove],
  ],
  [
    "a document whose folder the session put into the trash",
    refuse(`DELETE /docs/${id}`, missing({ error: "not found" }), { "POST /folders/f-55/trash": {} }),
    [create, write("POST /folders/f-55/trash"), remove],
    { folderId: "f-55" },
  ],
  [
    "a document whose links have no way to delete it",
    refuse(`DELETE /docs/${id}`, missing()),
    [create, remove],
    { _links: { self: { href: `/docs/${id}` } } },
  ],
  [
    "a document that may only be read",
    refuse(`DELETE /docs/${id}`, missing({ error: "not found" })),
    [create, remove],
    { permissions: ["read"] },
  ],
  [
    "a document whose methods are in a header",
    (call, doc) =>
      call === `GET /docs/${id}`
        ? { status: 200, body: doc, headers: { allow: "GET, HEAD" } }
        : call === `DELETE /docs/${id}`
          ? missing()
          : undefined,
    [create, remove],
  ],
  [
    "somebody else's document of a public list",
    refuse(`DELETE /docs/${id}`, missing({ error: "doc not found" })),
    [list, remove],
  ],
  [
    "words in another language",
    refuse(`DELETE /docs/${id}`, missing({ error: "Das Dokument ist bereits archiviert" })),
    [create, remove],
  ],
  [
    "a route that does not exist",
    refuse(`DELETE /docs/${id}`, missing(`Cannot DELETE /docs/${id}`, "text/plain")),
    [create, remove],
  ],
  [
    "a document that is still being made",
    refuse(`GET /docs/${id}`, missing()),
    [create, () => ({ call: `GET /docs/${id}` })],
    { state: "processing" },
  ],
  [
    "what is made later, below a document",
    (call) => (call === `GET /docs/${id}/pdf` ? missing() : undefined),
    [create, () => ({ call: `GET /docs/${id}/pdf` })],
  ],
];

test.each(RIGHT)("a server that rightly does not find %s is not blamed", async (_, rule, script, created) => {
  expect(["unclear", "simulation"]).toContain(await play(rule, script, created));
});

/** Answers once, and the other way after that. */
const once = (last: string, answer: ReturnType<Rule>): Rule => {
  let left = 1;
  return (call) => {
    if (call !== last || left === 0) return undefined;
    left -= 1;
    return answer;
  };
};

const WRONG: [string, Rule, Line[]][] = [
  ["in silence", once(`DELETE /docs/${id}`, missing()), [create, remove]],
  ["by its kind", refuse(`PUT /docs/${id}`, missing({ code: "doc_not_found" })), [create, put]],
  [
    "by its kind, whatever the body holds",
    refuse(`PUT /docs/${id}`, missing({ code: "doc_not_found", message: "The doc does not exist." })),
    [create, write(`PUT /docs/${id}`, { title: "Another title" })],
  ],
  [
    "when it is to get another name",
    refuse(`PUT /docs/${id}`, missing({ error: `doc ${id} not found` })),
    [create, write(`PUT /docs/${id}`, { name: "Another" })],
  ],
  [
    "when it is to get another code, in a patch",
    refuse(`PATCH /docs/${id}`, missing({ error: "doc not found" })),
    [create, write(`PATCH /docs/${id}`, { code: "X-1" })],
  ],
  ["in a read", once(`GET /docs/${id}`, missing()), [create, () => ({ call: `GET /docs/${id}` })]],
];

test.each(WRONG)(
  "a server that denies what it has just made, %s, is found out by one read",
  async (_, rule, script) => {
    expect(await play(rule, script)).toBe("target");
  },
);

test.each<[string, Doc, ReturnType<Rule>, Doc?]>([
  ["was only accepted (202)", {}, { status: 202 }],
  ["is queued", { queued: true }, { status: 201 }],
  ["is the work of a job", { jobId: "j-9" }, { status: 200 }],
  ["is the work of a task", { id: undefined, docId: id, task: { uuid: 1 }, task_id: "t-9" }, { status: 200 }],
  ["can be asked for later", {}, { status: 201, headers: { "retry-after": "5" } }],
  ["is made asynchronously", {}, { status: 201, headers: { "preference-applied": "respond-async" } }],
  ["is not ready by the answer's words", {}, { status: 201 }, { error: "not ready yet" }],
])("what %s has not to be found yet", async (_, created, accepted, said) => {
  const rule = once(`GET /docs/${id}`, missing(said));
  const queued: Rule = (call, doc, body) =>
    call === "POST /docs"
      ? { status: 201, ...accepted, body: { ...doc, ...created } }
      : rule(call, doc, body);
  expect(await play(queued, [create, () => ({ call: `GET /docs/${id}` })])).toBe("unclear");
});

test("a job that the session itself named queues nothing", async () => {
  const applied: Rule = (call, doc) =>
    call === "POST /docs" ? { status: 201, body: { ...doc, jobId: "j-9" } } : undefined;
  const late = once(`GET /docs/${id}`, missing());
  expect(
    await play(
      (...args) => applied(...args) ?? late(...args),
      [write("POST /docs", { jobId: "j-9" }), () => ({ call: `GET /docs/${id}` })],
    ),
  ).toBe("target");
});

/** A goal's probe of what was made, which the server does not find. */
const PROBE =
  '{ action: { operation: "POST /docs", capture: { d: "$.id" } } }, { probe: { operation: "GET /docs/{d}", deadline: 100ms, expect: { status: 200 } } }';
const hide =
  (more: Rule): Rule =>
  (call, doc, body) =>
    call === `GET /docs/${id}` ? missing() : more(call, doc, body);

test("a probe that does not find what was just made contradicts the target", async () => {
  expect(
    await play(
      hide(() => undefined),
      [create],
      {},
      PROBE,
    ),
  ).toBe("target");
});

test.each<[string, Rule, Line[], Doc, string]>([
  [
    "it was only queued",
    hide((call, doc) => (call === "POST /docs" ? { status: 202, body: doc } : undefined)),
    [create],
    {},
    PROBE,
  ],
  ["it is not ready", hide(() => undefined), [create], { status: "queued" }, PROBE],
  [
    "the session archived it",
    hide((call) => (call === `POST /docs/${id}/archive` ? { status: 200, body: {} } : undefined)),
    [create, write(`POST /docs/${id}/archive`)],
    {},
    PROBE,
  ],
  [
    "the session put it into the trash",
    hide((call) => (call === "POST /trash" ? { status: 200, body: {} } : undefined)),
    [create, write("POST /trash", { ids: [id] })],
    {},
    PROBE,
  ],
  [
    "the capture is the id of another kind of thing",
    () => undefined,
    [create],
    { author: { id: "au-1" } },
    PROBE.replace("$.id", "$.author.id"),
  ],
  [
    "another account asks",
    hide(() => undefined),
    [create],
    {},
    PROBE.replace("deadline", "final: true, as: { headers: { x-user: bob } }, deadline"),
  ],
  [
    "the probe asks for what is made of it later",
    () => undefined,
    [create],
    {},
    PROBE.replace("GET /docs/{d}", "GET /docs/{d}/invoice"),
  ],
])("a probe that finds nothing blames nobody where %s", async (_, rule, script, created, success) => {
  expect(await play(rule, script, created, success)).toBe("unclear");
});

test.each<[string, Doc, string]>([
  ["null", { id: null }, "POST /docs answered $.id as null"],
  ["an object", { id: { a: 1 } }, 'POST /docs answered $.id as {"a":1}'],
  ["empty", { id: "" }, 'POST /docs answered $.id as ""'],
  ["missing", { id: undefined }, "POST /docs answered $.id as missing"],
])(
  "an id that is %s leaves two readings, and the verdict says which answer it was",
  async (_, created, why) => {
    const reason = await play(() => undefined, [create], created, PROBE, "reason");
    expect(reason).toContain(why);
    expect(await play(() => undefined, [create], created, PROBE)).toBe("unclear");
  },
);

test.each(["..", "../admin/x"])("an id that cannot stand in a path (%s) leaves two readings", async (odd) => {
  expect(await play(() => undefined, [create], { id: odd }, PROBE)).toBe("unclear");
});

test("names in the query of a probe are filled in, others stay as they are", async () => {
  const asked: string[] = [];
  const rule: Rule = (call) => {
    asked.push(call);
    return call.startsWith("GET /docs?") ? { status: 200, body: {} } : undefined;
  };
  const probe = PROBE.replace('"GET /docs/{d}"', '"GET /docs", query: { of: "{d}", as: "{raw}" }');
  await play(rule, [create], {}, probe);
  expect(asked).toContain(`GET /docs?of=${id}&as=%7Braw%7D`);
});

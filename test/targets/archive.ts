import { bodyOf, listenOnLoopback } from "./loopback.ts";

/** A goal for an agent at the archive, in words. */
export const ARCHIVE_GOAL = "Log in, find a document, borrow it, return it.";

/** An archive whose access tokens expire after a few requests, and whose refresh tokens are valid once. */
export interface Archive {
  readonly url: string;
  readonly document: Record<string, unknown>;
  readonly rows: { reader: string; password: string }[];
  counts(): { logins: number; renewals: number; reused: number; returned: number };
  /** From now on every refresh token is refused. */
  forgetRefreshTokens(): void;
  close(): Promise<void>;
}

const REQUESTS_A_TOKEN = 2;
const text = { type: "string" };
const object = (properties: object, required = Object.keys(properties)) => ({
  type: "object",
  properties,
  required,
});
const json = (schema: object) => ({ content: { "application/json": { schema } } });
const TOKENS = object({
  accessToken: { ...text, description: "Bearer token; it runs out soon." },
  refreshToken: { ...text, description: "Gets a new pair of tokens, once." },
});
const answer = (schema: object, status = "200") => ({
  [status]: { description: "Done.", ...json(schema) },
  "401": { description: "The access token has run out or is unknown." },
});

const DOCUMENT = {
  openapi: "3.1.0",
  info: { title: "Archive", version: "1" },
  components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
  security: [{ token: [] }],
  paths: {
    "/session": {
      post: {
        summary: "Log in.",
        security: [],
        requestBody: json(object({ reader: text, password: { ...text, format: "password" } })),
        responses: answer(TOKENS, "201"),
      },
    },
    "/session/renewal": {
      post: {
        summary: "Renew the tokens of a session with its refresh token.",
        security: [],
        requestBody: json(
          object({ refreshToken: { ...text, description: "The refresh token that was given last." } }),
        ),
        responses: answer(TOKENS),
      },
    },
    "/documents": {
      get: {
        summary: "List documents.",
        responses: answer(
          object({ documents: { type: "array", items: object({ documentId: text, title: text }) } }),
        ),
      },
    },
    "/loans": {
      post: {
        summary: "Borrow a document.",
        requestBody: json(object({ documentId: { ...text, description: "Id of the document." } })),
        responses: answer(object({ loanId: text }), "201"),
      },
    },
    "/loans/{loanId}/return": {
      post: {
        summary: "Return a borrowed document.",
        parameters: [{ name: "loanId", in: "path", required: true, schema: text }],
        responses: answer(object({ loanId: text, returned: { type: "boolean" } })),
      },
    },
  },
};

/** Opens the archive on a free loopback port. */
export async function startArchive(readers = 20): Promise<Archive> {
  const rows = Array.from({ length: readers }, (_, n) => ({
    reader: `reader-${n}`,
    password: `pass-word-${n}`,
  }));
  const access = new Map<string, number>();
  const fresh = new Set<string>();
  const spent = new Set<string>();
  const counts = { logins: 0, renewals: 0, reused: 0, returned: 0 };
  const loans = new Set<string>();
  let made = 0;
  let forgetful = false;
  const issue = () => {
    made += 1;
    const tokens = { accessToken: `access-${made}-0a1b2c3d4e`, refreshToken: `refresh-${made}-5f6a7b8c9d` };
    access.set(tokens.accessToken, REQUESTS_A_TOKEN);
    fresh.add(tokens.refreshToken);
    return tokens;
  };
  const server = await listenOnLoopback(async (request, response) => {
    const raw = await bodyOf(request);
    const body = (raw === "" ? {} : JSON.parse(raw)) as Record<string, unknown>;
    const reply = (status: number, value: unknown): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    };
    const call = `${request.method} ${request.url}`;
    if (call === "POST /session") {
      if (!rows.some((row) => row.reader === body.reader && row.password === body.password))
        return reply(401, { error: "unknown reader" });
      counts.logins += 1;
      return reply(201, issue());
    }
    if (call === "POST /session/renewal") {
      const token = String(body.refreshToken);
      if (spent.has(token)) counts.reused += 1;
      if (forgetful || !fresh.delete(token)) return reply(401, { error: "this refresh token is not good" });
      spent.add(token);
      counts.renewals += 1;
      return reply(200, issue());
    }
    const token = (request.headers.authorization ?? "").replace("Bearer ", "");
    const left = access.get(token) ?? 0;
    if (left === 0) return reply(401, { error: "the access token has run out" });
    access.set(token, left - 1);
    if (call === "GET /documents")
      return reply(200, {
        documents: [1, 2, 3, 4].map((n) => ({ documentId: `doc-${n}`, title: `Document ${n}` })),
      });
    if (call === "POST /loans") {
      if (!/^doc-[1-4]$/.test(String(body.documentId)))
        return reply(422, { error: "documentId is not known" });
      made += 1;
      loans.add(`loan-${made}`);
      return reply(201, { loanId: `loan-${made}` });
    }
    const returned = /^POST \/loans\/(loan-\d+)\/return$/.exec(call)?.[1] ?? "";
    if (!loans.delete(returned)) return reply(404, { error: "no such loan" });
    counts.returned += 1;
    reply(200, { loanId: returned, returned: true });
  });
  return {
    ...server,
    document: DOCUMENT,
    rows,
    counts: () => counts,
    forgetRefreshTokens: () => {
      forgetful = true;
    },
  };
}

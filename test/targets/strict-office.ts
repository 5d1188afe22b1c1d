import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { bodyOf, listenOnLoopback } from "./loopback.ts";

/** A refusal with the office's own label, sent out of band by the request's trace context. */
export interface Refusal {
  traceId: string;
  span: string;
  status: number;
  rule: string;
}

/** An API that refuses every request that breaks its rules, always rightly. */
export interface StrictOffice {
  readonly url: string;
  refusals(): readonly Refusal[];
  /** Makes the office wrong: refuses the next valid requests of an operation. */
  lie(operation: string, status: number, times: number): void;
  close(): Promise<void>;
}

type Body = Record<string, unknown>;
interface Call {
  method: string;
  parts: string[];
  query: URLSearchParams;
  body: Body;
  header(name: string): string | undefined;
  user: string | undefined;
}
interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** The rule that a refusal follows. */
  rule?: string;
}

interface Ticket {
  id: string;
  title: string;
  state: string;
  owner: string;
}

const USERS: Record<string, string> = { ada: "lovelace-1815", bob: "hopper-1906" };
/** Lifetime of a login in seconds. */
const LIFETIME = 3600;
const NEXT: Record<string, { from: string; to: string }> = {
  resolve: { from: "open", to: "resolved" },
  close: { from: "resolved", to: "closed" },
  reopen: { from: "closed", to: "open" },
};

/**
 * Starts the office on a free port.
 * @param wording `terse`: refusals have only a code
 */
export async function startStrictOffice(wording: "plain" | "terse"): Promise<StrictOffice> {
  const office = new Office();
  const refusals: Refusal[] = [];
  const lies = new Map<string, { status: number; left: number }>();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://office");
    const text = await bodyOf(request);
    const header = (name: string): string | undefined => {
      const value = request.headers[name];
      return Array.isArray(value) ? value[0] : value;
    };
    let body: Body = {};
    try {
      if (text !== "") body = JSON.parse(text) as Body;
    } catch {
      // Not JSON: it lacks the required fields.
    }
    const parts = url.pathname.split("/").slice(1).map(decodeURIComponent);
    const method = request.method ?? "GET";
    const call = { method, parts, query: url.searchParams, body, header, user: undefined };
    const lie = lies.get(`${method} ${url.pathname.replaceAll(/\/[a-z]+-[\w]+/g, "/{}")}`);
    const lying = lie !== undefined && lie.left > 0;
    if (lying) lie.left -= 1;
    const answer: Answer = lying
      ? { status: lie.status, body: { error: "refused", message: "Not possible." } }
      : office.answer(call);
    if (answer.rule !== undefined) {
      const [, traceId = "", span = ""] = (header("traceparent") ?? "").split("-");
      refusals.push({ traceId, span, status: answer.status, rule: answer.rule });
      if (wording === "terse") answer.body = { error: answer.rule };
    }
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    response.end(answer.body === undefined ? "" : JSON.stringify(answer.body));
  };
  const { url, close } = await listenOnLoopback((request, response) => void serve(request, response));
  return {
    url,
    refusals: () => refusals,
    lie: (operation, status, times) => void lies.set(operation, { status, left: times }),
    close,
  };
}

const ok = (body: unknown, status = 200): Answer => ({ status, body });
const refuse = (status: number, rule: string, message: string, more: Body = {}): Answer => ({
  status,
  rule,
  body: { error: rule, message, ...more },
});
let serial = 0;
const newId = (kind: string): string => {
  serial += 1;
  return `${kind}-${serial}${randomUUID().slice(0, 4)}`;
};

class Office {
  readonly #tokens = new Map<string, { user: string; state: "live" | "expired" | "revoked" }>();
  readonly #tickets = new Map<string, Ticket>();
  readonly #documents = new Map<string, { id: string; text: string; version: number }>();
  readonly #projects = new Map<string, Map<string, string>>();
  readonly #names = new Set<string>(["root"]);
  readonly #runs = new Map<string, { id: string; state: { id: string; name: string } }>();
  readonly #payments = new Map<string, string>();
  #reports = 0;

  answer(call: Call): Answer {
    const [root = "", id = "", action = "", inner = ""] = call.parts;
    if (root === "login" && call.method === "POST") return this.#login(call);
    if (root === "products") return this.#products(call, id);
    if (root === "reports") return this.#report();
    const token = (call.header("authorization") ?? "").replace(/^Bearer /, "");
    const known = this.#tokens.get(token);
    if (known === undefined) return refuse(401, "not_logged_in", "Log in first.");
    if (known.state === "expired") return refuse(401, "token_expired", "This token has expired.");
    if (known.state === "revoked") return refuse(401, "token_revoked", "This token was revoked.");
    call.user = known.user;
    if (root === "logout") {
      known.state = "revoked";
      return { status: 204 };
    }
    if (root === "password") return this.#password(call);
    if (root === "clock") {
      known.state = "expired";
      return { status: 204 };
    }
    if (root === "tickets") return this.#tickets_(call, id, action);
    if (root === "documents") return this.#documents_(call, id);
    if (root === "projects") return this.#projects_(call, id, action, inner);
    if (root === "accounts") return this.#accounts(call);
    if (root === "runs") return this.#runs_(call, id, action);
    if (root === "payments") return this.#payment(call);
    if (root === "cart") return refuse(404, "no_cart", "There is no cart yet: begin one first.");
    if (root === "audit") return refuse(401, "role_missing", "The role auditor is needed.");
    if (root === "notes") return this.#note(call, id);
    return refuse(404, "no_such_page", "There is no such page.");
  }

  #login({ body }: Call): Answer {
    const user = String(body.user ?? "");
    if (USERS[user] === undefined || USERS[user] !== body.password)
      return refuse(401, "bad_credentials", "User or password is wrong.");
    const token = `tok-${randomUUID()}`;
    this.#tokens.set(token, { user, state: "live" });
    return ok({ access_token: token, token_type: "Bearer", expires_in: LIFETIME, userId: user });
  }

  /** A changed password ends every token of the account. */
  #password({ user, body }: Call): Answer {
    if (typeof body.password !== "string" || body.password.length < 8)
      return refuse(422, "too_short", "The password must have at least 8 characters.", {
        errors: { password: "too short" },
      });
    for (const token of this.#tokens.values()) if (token.user === user) token.state = "revoked";
    return { status: 204 };
  }

  #products({ method }: Call, id: string): Answer {
    if (method !== "GET") return refuse(405, "method_not_allowed", "Only GET is possible.");
    const products = ["prd-1a", "prd-2b"].map((one) => ({ id: one, name: `Product ${one}`, price: 12 }));
    if (id === "") return ok({ items: products });
    const product = products.find((one) => one.id === id);
    return product === undefined ? refuse(404, "no_such_product", "No such product.") : ok(product);
  }

  /** Three in total; every answer says so. */
  #report(): Answer {
    this.#reports += 1;
    const headers = {
      "ratelimit-policy": '"default";q=3;w=3600',
      ratelimit: `"default";r=${3 - this.#reports}`,
    };
    if (this.#reports > 3)
      return {
        ...refuse(429, "too_many", "Too many reports."),
        headers: { ...headers, "retry-after": "0" },
      };
    return { ...ok({ id: newId("rep"), lines: 3 }), headers };
  }

  #tickets_({ method, body, user = "" }: Call, id: string, action: string): Answer {
    if (id === "") {
      if (method === "GET") return ok({ tickets: [...this.#tickets.values()].slice(-8) });
      if (typeof body.title !== "string" || body.title.length < 5)
        return refuse(422, "invalid", "title must have at least 5 characters.", {
          errors: [{ field: "title", message: "too short" }],
        });
      const ticket: Ticket = { id: newId("tic"), title: body.title, state: "open", owner: user };
      this.#tickets.set(ticket.id, ticket);
      return ok(ticket, 201);
    }
    const ticket = this.#tickets.get(id);
    if (ticket === undefined) return refuse(404, "no_such_ticket", "There is no such ticket.");
    if (method === "GET") return ok(ticket);
    if (ticket.owner !== user)
      return action === "watch"
        ? refuse(404, "no_such_ticket", "There is no such ticket.")
        : refuse(403, "not_the_owner", "This ticket belongs to another user.");
    if (method === "DELETE") {
      this.#tickets.delete(id);
      return { status: 204 };
    }
    if (action === "label") return refuse(404, "no_label", "There is no label here.");
    if (action === "merge")
      return {
        ...refuse(409, "merge_conflict", "The ticket has changes that conflict.", { status: "error" }),
      };
    const step = NEXT[action];
    if (step === undefined) return refuse(404, "no_such_action", "There is no such action.");
    if (ticket.state !== step.from)
      return refuse(409, "wrong_state", `The ticket is ${ticket.state}, must be ${step.from}.`, {
        state: ticket.state,
      });
    ticket.state = step.to;
    return ok(ticket);
  }

  #documents_({ method, body, header }: Call, id: string): Answer {
    if (id === "" && method === "POST") {
      const document = { id: newId("doc"), text: String(body.text ?? ""), version: 1 };
      this.#documents.set(document.id, document);
      return { ...ok(document, 201), headers: { etag: tagOf(document) } };
    }
    const document = this.#documents.get(id);
    if (document === undefined) return refuse(404, "no_such_document", "There is no such document.");
    if (method === "GET") return { ...ok(document), headers: { etag: tagOf(document) } };
    const wanted = header("if-match");
    if (wanted === undefined) return refuse(428, "precondition_required", "Send If-Match with the version.");
    if (wanted !== tagOf(document))
      return refuse(412, "precondition_failed", "The document has another version.");
    document.text = String(body.text ?? "");
    document.version += 1;
    return { ...ok(document), headers: { etag: tagOf(document) } };
  }

  #projects_({ method }: Call, id: string, part: string, inner: string): Answer {
    if (id === "" && method === "POST") {
      const project = newId("pro");
      const tasks = new Map([newId("tas"), newId("tas")].map((task) => [task, "todo"]));
      this.#projects.set(project, tasks);
      return ok({ id: project, name: "A project" }, 201);
    }
    const tasks = this.#projects.get(id);
    if (tasks === undefined) return refuse(404, "no_such_project", "There is no such project.");
    if (part !== "tasks") return ok({ id, name: "A project" });
    if (inner === "")
      return ok({ tasks: Array.from(tasks, ([task, state]) => ({ id: task, state, projectId: id })) });
    const state = tasks.get(inner);
    if (state === undefined) return refuse(404, "no_such_task", "The project has no such task.");
    if (method === "DELETE") {
      tasks.delete(inner);
      return { status: 204 };
    }
    return ok({ id: inner, state, projectId: id });
  }

  #accounts({ body }: Call): Answer {
    const { name, age } = body;
    if (typeof name !== "string") return refuse(400, "missing_name", "name is required.");
    if (age !== undefined && (typeof age !== "number" || age < 18))
      return refuse(400, "invalid_age", "age must be at least 18.");
    if (this.#names.has(name)) return refuse(409, "name_taken", `The name ${name} is already taken.`);
    this.#names.add(name);
    return ok({ id: newId("acc"), name }, 201);
  }

  #runs_({ method }: Call, id: string, action: string): Answer {
    if (id === "" && method === "POST") {
      const run = { id: newId("run"), state: { id: newId("st"), name: "queued" } };
      this.#runs.set(run.id, run);
      return ok(run, 201);
    }
    const run = this.#runs.get(id);
    if (run === undefined) return refuse(404, "no_such_run", "There is no such run.");
    return action === "" ? ok(run) : ok({ ...run, state: { ...run.state, name: "running" } });
  }

  /** Notes have weak versions, which If-Match never accepts (RFC 9110, section 13.1.1). */
  #note({ method, header }: Call, id: string): Answer {
    const headers = { etag: 'W/"note-1"' };
    if (method === "POST") return { ...ok({ id: "not-1a" }, 201), headers };
    if (id !== "not-1a") return refuse(404, "no_such_note", "There is no such note.");
    if (method === "GET") return { ...ok({ id }), headers };
    return header("if-match") === undefined
      ? refuse(428, "precondition_required", "Send If-Match.")
      : refuse(412, "precondition_failed", "The note has another version.");
  }

  #payment({ body, header }: Call): Answer {
    const key = header("idempotency-key");
    if (key === undefined) return refuse(400, "missing_idempotency_key", "Idempotency-Key is required.");
    const before = this.#payments.get(key);
    const sent = JSON.stringify(body);
    if (before !== undefined && before !== sent)
      return refuse(422, "idempotency_key_reused", "The Idempotency-Key was used for another request.");
    if (typeof body.amount !== "number" || body.amount <= 0)
      return refuse(422, "amount_not_positive", "amount must be positive.");
    this.#payments.set(key, sent);
    return ok({ id: newId("pay"), amount: body.amount }, 201);
  }
}

const tagOf = ({ id, version }: { id: string; version: number }): string =>
  `"${createHash("sha1").update(`${id} ${version}`).digest("hex").slice(0, 8)}"`;

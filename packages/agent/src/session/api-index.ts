import type { ApiDescription, ApiField } from "@ape/core/protocol/api";
import { byName } from "@ape/core/protocol/fields/by-name";

/** What a session needs of an operation at every answer. */
export interface OperationTraits {
  /** Answer fields by their dotted names. */
  answers: ReadonlyMap<string, ApiField>;
  secured: boolean;
  /** Its description mentions signing in, or signing out. */
  login: boolean;
  logout: boolean;
  /** Its description mentions ending credentials: a revocation, a changed password. */
  revokes: boolean;
  /** Headers that the document names in its answers. */
  answerHeaders: ReadonlySet<string>;
  /** Fields of its requests. */
  inputs: readonly ApiField[];
}

/** An API description by operation. Built once per API, shared by all sessions. */
export interface ApiIndex {
  documented: boolean;
  /** Whether any operation requires credentials: only then does a missing mark mean that none are needed. */
  marksSecured: boolean;
  operation(operation: string): OperationTraits | undefined;
}

const LOGIN = /\b(?:log|sign)[\s_-]?in\b|\blogin\b|\bauthenticate\b|\btokens?\b|\boauth\b|\bsessions?\b/i;
const LOGOUT = /\b(?:log|sign)(?:s|ging|ing)?[\s_-]?(?:out|off)\b|\blog(?:out|off)\b|\bsign(?:out|off)\b/i;
const REVOKES = /\brevo(?:ke|kes|cation)\b|\binvalidate|\bpasswords?\b|\brotate/i;
const NO_HEADERS: ReadonlySet<string> = new Set();
const NO_FIELDS: readonly ApiField[] = [];
const indexes = new WeakMap<ApiDescription, ApiIndex>();

/** The index of an API. */
export function indexOf(api: ApiDescription): ApiIndex {
  let index = indexes.get(api);
  if (index === undefined) {
    index = makeIndex(api);
    indexes.set(api, index);
  }
  return index;
}

function makeIndex(api: ApiDescription): ApiIndex {
  const known = new Map<string, OperationTraits>();
  for (const { method, path, summary, secured, fields, answerHeaders } of api.operations) {
    const logout =
      (method !== "GET" && method !== "query" && (LOGOUT.test(path) || LOGOUT.test(summary))) ||
      (method === "DELETE" && /\/sessions?(?:\/|$)/i.test(path));
    known.set(`${method} ${path}`, {
      answers: new Map(fields.filter((field) => field.in === "answer").map((field) => [field.name, field])),
      answerHeaders: new Set(answerHeaders),
      secured,
      login: method !== "GET" && method !== "query" && !logout && (LOGIN.test(path) || LOGIN.test(summary)),
      logout,
      revokes:
        method !== "GET" && method !== "query" && (logout || REVOKES.test(path) || REVOKES.test(summary)),
      inputs: fields.filter((field) => field.in !== "answer"),
    });
  }
  return {
    documented: api.documented,
    marksSecured: api.operations.some(({ secured }) => secured),
    operation: (operation) => known.get(operation) ?? (api.documented ? undefined : guess(operation)),
  };
}

/** Without a document an operation is identified by its path. */
const guess = byName(
  (operation): OperationTraits => ({
    answers: new Map(),
    answerHeaders: NO_HEADERS,
    secured: false,
    login: !operation.startsWith("GET ") && LOGIN.test(operation) && !LOGOUT.test(operation),
    logout: !operation.startsWith("GET ") && LOGOUT.test(operation),
    revokes: !operation.startsWith("GET ") && (LOGOUT.test(operation) || REVOKES.test(operation)),
    inputs: NO_FIELDS,
  }),
);

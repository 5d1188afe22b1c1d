import type { IncomingMessage } from "node:http";
import { bodyOf, listenOnLoopback } from "../loopback.ts";
import type { SystemPlan } from "./draw.ts";
import { routesOf } from "./rest-routes.ts";
import type { FieldSchema, RouteAnswer, RouteJson, SystemRoute } from "./route.ts";
import { isRefusal, type SystemRefusal, type SystemState } from "./state.ts";

const SCHEME = "session";

/** The OpenAPI document of a system. */
export function documentOf(plan: SystemPlan): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routesOf(plan)) {
    const item = paths[route.path] ?? {};
    paths[route.path] = item;
    item[route.method.toLowerCase()] = operationOf(route);
  }
  const secured = plan.login !== "none";
  return {
    openapi: plan.seed % 3 === 0 ? "3.0.3" : "3.1.0",
    info: { title: "Generated", version: "1" },
    ...(plan.prefix === "" ? {} : { servers: [{ url: plan.prefix }] }),
    paths,
    ...(secured ? { components: { securitySchemes: { [SCHEME]: schemeOf(plan) } } } : {}),
  };
}

function schemeOf({ login }: SystemPlan): FieldSchema {
  if (login === "header") return { type: "apiKey", in: "header", name: "X-Session" };
  if (login === "query") return { type: "apiKey", in: "query", name: "session_key" };
  if (login === "cookie") return { type: "apiKey", in: "cookie", name: "sid" };
  if (login === "password") return { type: "oauth2", flows: { password: { tokenUrl: "token", scopes: {} } } };
  return { type: "http", scheme: "bearer" };
}

function operationOf(route: SystemRoute): Record<string, unknown> {
  const params = Array.from(route.path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const query = Object.entries(route.query ?? {}).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    ...(description === undefined ? {} : { description }),
    schema,
  }));
  const media = route.isForm === true ? "application/x-www-form-urlencoded" : "application/json";
  const { status = 200, schema } = route.answer ?? {};
  return {
    ...(route.summary === "" ? {} : { summary: route.summary }),
    ...(params.length + query.length === 0 ? {} : { parameters: [...params, ...query] }),
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: { [media]: { schema: route.body.schema } } } }),
    ...(route.isSecured ? { security: [{ [SCHEME]: [] }] } : {}),
    responses: {
      [status]: {
        description: "Done.",
        ...(schema === undefined ? {} : { content: { "application/json": { schema } } }),
      },
      ...(route.isSecured ? { "401": { description: "Not logged in." } } : {}),
    },
  };
}

/** Serves a system's REST interface on a free loopback port. */
export async function startRest(state: SystemState): Promise<{ url: string; close(): Promise<void> }> {
  const { plan } = state;
  const routes = routesOf(plan).map((route) => ({
    route,
    pattern: new RegExp(`^${plan.prefix}${route.path.replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`),
  }));
  return listenOnLoopback(async (request, response) => {
    const text = await bodyOf(request);
    const url = new URL(request.url ?? "/", "http://localhost");
    const answer = serve();
    const { status, headers = {} } = answer;
    const body = "body" in answer && answer.body !== undefined ? JSON.stringify(answer.body) : undefined;
    response.writeHead(
      status,
      body === undefined ? headers : { "content-type": "application/json", ...headers },
    );
    response.end(body);

    function serve(): RouteAnswer {
      let isPath = false;
      for (const { route, pattern } of routes) {
        const match = pattern.exec(url.pathname);
        if (match === null) continue;
        isPath = true;
        if (route.method !== request.method) continue;
        const token = tokenOf(plan, request, url);
        const user = state.userOf(token);
        if (route.isSecured && user === undefined)
          return refused(plan, { status: 401, message: "Log in first." });
        const body = readBody(request, text);
        if (body === undefined) return refused(plan, { status: 400, message: "The body cannot be read." });
        const trace = String(request.headers.traceparent ?? "").split("-")[1] ?? "";
        const params = Object.fromEntries(
          Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
        );
        const asked = { state, trace, user: user ?? "", token, params, query: url.searchParams, body };
        const isLie = state.lies && route.isSecured && route.method !== "GET" && route.path.includes("{");
        const served = isLie ? state.pretend(() => route.serve(asked)) : route.serve(asked);
        return isRefusal(served) ? refused(plan, served) : served;
      }
      return refused(plan, { status: 404, message: isPath ? "No such method." : "No such path." });
    }
  });
}

function tokenOf({ login }: SystemPlan, request: IncomingMessage, url: URL): string | undefined {
  const { headers } = request;
  if (login === "header") return headers["x-session"]?.toString();
  if (login === "query") return url.searchParams.get("session_key") ?? undefined;
  if (login === "cookie") return /(?:^|; )sid=([^;]+)/.exec(headers.cookie ?? "")?.[1];
  return /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1];
}

function readBody(request: IncomingMessage, text: string): Record<string, RouteJson> | undefined {
  if (text === "") return {};
  if (request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded"))
    return Object.fromEntries(new URLSearchParams(text));
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null ? (body as Record<string, RouteJson>) : undefined;
  } catch {
    return undefined;
  }
}

function refused({ errors }: SystemPlan, { status, message, field }: SystemRefusal): RouteAnswer {
  const named: Record<string, RouteJson> = field === undefined ? {} : { field };
  if (errors === "problem")
    return {
      status,
      headers: { "content-type": "application/problem+json" },
      body: { title: "Refused", status, detail: message, ...named },
    };
  if (errors === "errors") return { status, body: { errors: [{ message, ...named }] } };
  return { status, body: errors === "error" ? { error: message } : { message, ...named } };
}

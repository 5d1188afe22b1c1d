import type { SystemPlan } from "./draw.ts";
import { capital } from "./naming.ts";
import { type FieldSchema, type RouteJson, type SystemRoute, summed, TEXT } from "./route.ts";
import { isRefusal } from "./state.ts";

/** Logging in and out. */
export function loginRoutes(plan: SystemPlan): SystemRoute[] {
  const { login, tokenField, loginPath } = plan;
  if (login === "none") return [];
  const name = login === "password" ? "username" : "email";
  const schemaOf = (): FieldSchema | undefined => {
    if (login === "cookie") return undefined;
    if (login === "password") return { type: "object", properties: { access_token: TEXT, token_type: TEXT } };
    if (tokenField === "nested")
      return {
        type: "object",
        properties: { session: { type: "object", properties: { key: TEXT, user: TEXT } } },
      };
    return { type: "object", properties: { [tokenField]: TEXT } };
  };
  const path = login === "password" ? "/token" : loginPath;
  const schema = schemaOf();
  return [
    {
      method: "POST",
      path,
      summary: summed(plan, capital(plan.system.login), "Create a session"),
      isSecured: false,
      isForm: login === "password",
      body: {
        schema: {
          type: "object",
          required: [name, "password"],
          properties: {
            [name]: { ...TEXT, ...(name === "email" ? { format: "email" } : {}) },
            password: { ...TEXT, format: "password" },
          },
        },
      },
      answer: { status: 200, ...(schema === undefined ? {} : { schema }) },
      serve: ({ state, body }) => {
        const token = state.login(body[name], body.password);
        if (isRefusal(token)) return token;
        if (login === "cookie")
          return { status: 204, headers: { "set-cookie": `sid=${token}; Path=/; HttpOnly` } };
        if (login === "password") return { status: 200, body: { access_token: token, token_type: "bearer" } };
        const held: RouteJson =
          tokenField === "nested"
            ? { session: { key: token, user: String(body[name]) } }
            : { [tokenField]: token };
        return { status: 200, body: held };
      },
    },
    {
      method: loginPath === "/sessions" ? "DELETE" : "POST",
      path: loginPath === "/sessions" ? "/sessions" : "/logout",
      summary: summed(plan, capital(plan.system.logout), "End the session"),
      isSecured: true,
      answer: { status: 204 },
      serve: ({ state, token }) => {
        state.logout(token ?? "");
        return { status: 204 };
      },
    },
  ];
}

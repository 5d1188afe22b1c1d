import type { ApiDescription, ApiField, ApiOperation } from "@ape/core/protocol/api";
import { expect, test } from "vitest";
import { indexOf } from "./api-index.ts";

const field = (place: ApiField["in"], name: string): ApiField => ({
  in: place,
  name,
  type: "string",
  required: false,
  description: "",
});
const api = (more: Partial<ApiOperation>[], documented = true): ApiDescription => ({
  target: "shop",
  title: "",
  documented,
  auth: [],
  operations: more.map((one) => ({
    method: "POST",
    path: "/a",
    summary: "",
    secured: false,
    fields: [],
    ...one,
  })),
});
const traits = (more: Partial<ApiOperation>) => {
  const found = indexOf(api([more])).operation(`${more.method ?? "POST"} ${more.path ?? "/a"}`);
  return [found?.login, found?.logout, found?.revokes];
};

test.each<[Partial<ApiOperation>, login: boolean, logout: boolean, revokes: boolean]>([
  [{ path: "/login" }, true, false, false],
  [{ path: "/log-in" }, true, false, false],
  [{ path: "/sessions" }, true, false, false],
  [{ path: "/oauth/token" }, true, false, false],
  [{ path: "/blogin" }, false, false, false],
  [{ summary: "Authenticate a user" }, true, false, false],
  [{ method: "GET", path: "/login" }, false, false, false],
  [{ method: "query", path: "login" } as never, false, false, false],
  [{ method: "query", path: "changePassword" } as never, false, false, false],
  [{ method: "GET", path: "/password/change" }, false, false, false],
  [{ method: "mutation", path: "login" } as never, true, false, false],
  [{ path: "/logout" }, false, true, true],
  [{ path: "/sign-off" }, false, true, true],
  [{ summary: "Logs out of the session" }, false, true, true],
  [{ summary: "Signing out" }, false, true, true],
  [{ method: "GET", path: "/logout" }, false, false, false],
  [{ method: "DELETE", path: "/sessions/{id}" }, false, true, true],
  [{ method: "DELETE", path: "/session" }, false, true, true],
  [{ method: "DELETE", path: "/sessional" }, false, false, false],
  [{ summary: "Revokes a key" }, false, false, true],
  [{ path: "/password" }, false, false, true],
  [{ summary: "Rotate the key" }, false, false, true],
  [{ method: "GET", summary: "Revokes a key" }, false, false, false],
  [{ path: "/orders" }, false, false, false],
])("%j signs in: %j, signs out: %j, ends credentials: %j", (operation, login, logout, revokes) => {
  expect(traits(operation)).toEqual([login, logout, revokes]);
});

test("an operation has its inputs and its answer's fields and headers apart", () => {
  const fields = [field("body", "in"), field("answer", "out.a"), field("query", "q")];
  const described = api([{ fields, secured: true, answerHeaders: ["x-a"] }, { path: "/b" }]);
  const index = indexOf(described);
  expect(index.operation("POST /a")).toMatchObject({
    answers: new Map([["out.a", fields[1]]]),
    inputs: [fields[0], fields[2]],
    secured: true,
    answerHeaders: new Set(["x-a"]),
  });
  expect(index.operation("POST /b")?.answerHeaders.size).toBe(0);
  expect([index.operation("GET /a"), index.documented, index.marksSecured]).toEqual([undefined, true, true]);
  expect(indexOf(api([{}])).marksSecured).toBe(false);
  expect(indexOf(described)).toBe(index);
});

test.each([
  ["POST /login", true, false, false],
  ["GET /login", false, false, false],
  ["POST /logout", false, true, true],
  ["GET /logout", false, false, false],
  ["POST /login/logout", false, true, true],
  ["PUT /password", false, false, true],
  ["GET /password", false, false, false],
  ["POST /a", false, false, false],
])("without a document %s is known by its path", (operation, login, logout, revokes) => {
  expect(indexOf(api([], false)).operation(operation)).toEqual({
    answers: new Map(),
    answerHeaders: new Set(),
    secured: false,
    login,
    logout,
    revokes,
    inputs: [],
  });
});

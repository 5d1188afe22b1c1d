import type { ApiDescription, ApiField, ApiOperation, TargetKind } from "@ape/core/protocol/api";

const THINGS =
  "invoice shipment customer warehouse supplier discount voucher employee meeting room vehicle contract ticket campaign payment report device sensor recipe tournament".split(
    " ",
  );

const field = (place: ApiField["in"], name: string, required = false): ApiField => ({
  in: place,
  name,
  type: "string",
  required,
  description: "",
});

/** A description with operations on many unrelated things, far too large for a prompt: REST, or GraphQL fields, or MCP tools. */
export function largeApi(kind: TargetKind = "rest", target = "erp"): ApiDescription {
  const operations = THINGS.flatMap((thing): ApiOperation[] => {
    const list = `/${thing}s`;
    const item = `${list}/{${thing}Id}`;
    const fields = ["name", "state", "createdAt", "amount", "comment", "owner"].map((name) =>
      field("body", `${thing}_${name}`, name === "name"),
    );
    const answers = ["id", "state", "name"].map((name) => field("answer", name));
    const id = field("path", `${thing}Id`, true);
    const all: ApiOperation[] = [
      { method: "GET", path: list, summary: `List ${thing}s`, fields: answers, secured: true },
      {
        method: "POST",
        path: list,
        summary: `Create a ${thing}`,
        fields: [...fields, ...answers],
        secured: true,
      },
      { method: "GET", path: item, summary: `Read a ${thing}`, fields: [id, ...answers], secured: true },
      { method: "PATCH", path: item, summary: `Change a ${thing}`, fields: [id, ...fields], secured: true },
      { method: "DELETE", path: item, summary: `Delete a ${thing}`, fields: [id], secured: true },
      {
        method: "POST",
        path: `${item}/archive`,
        summary: `Archive a ${thing}`,
        fields: [id, ...fields],
        secured: true,
      },
    ];
    return kind === "rest" ? all : all.map((one) => named(one, kind, thing));
  });
  const login: ApiOperation = {
    method: "POST",
    path: "/login",
    summary: "Log in",
    fields: [field("body", "email", true), field("body", "password", true), field("answer", "token")],
    secured: false,
  };
  return {
    target,
    title: "ERP",
    documented: true,
    auth: [{ type: "bearer" }],
    operations: kind === "rest" ? [login, ...operations] : operations,
    ...(kind === "rest" ? {} : { kind }),
  };
}

/** The same operation as a root field of GraphQL or as an MCP tool. */
function named(operation: ApiOperation, kind: TargetKind, thing: string): ApiOperation {
  const reads = operation.method === "GET";
  const verb = operation.summary.split(" ")[0]?.toLowerCase() ?? "";
  const fields = operation.fields.map((one) => (one.in === "path" ? { ...one, in: "body" as const } : one));
  const name = kind === "graphql" ? `${verb}${thing[0]?.toUpperCase()}${thing.slice(1)}` : `${verb}_${thing}`;
  const method = kind === "mcp" ? "tool" : reads ? "query" : "mutation";
  return { ...operation, method, path: name, fields, secured: false };
}

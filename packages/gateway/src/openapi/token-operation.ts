import { isJsonObject, type JsonObject } from "@ape/core/lib/json";
import type { OpenApiDocument } from "./document.ts";
import { text } from "./schema-fields.ts";

/** An operation as a document would describe it. */
export interface TokenOperation {
  path: string;
  operation: JsonObject;
}

const STRING = { type: "string" };

/**
 * The operations that only security schemes name: the `tokenUrl` of OAuth 2's password flow (RFC 6749, sections 4.3 and 6),
 * where no path of the document is that address. One at another host is none of the target's.
 */
export function tokenOperations(document: OpenApiDocument): TokenOperation[] {
  const schemes = document.follow(document.follow(document.root.components).securitySchemes);
  const known = Object.keys(isJsonObject(document.root.paths) ? document.root.paths : {});
  const found = new Map<string, TokenOperation>();
  for (const raw of Object.values(schemes)) {
    const scheme = document.follow(raw);
    if (scheme.type !== "oauth2") continue;
    const flow = document.follow(document.follow(scheme.flows).password);
    const path = pathOf(text(flow.tokenUrl), document.root.servers);
    if (path === undefined || known.some((one) => path === one || path.endsWith(one))) continue;
    found.set(path, { path, operation: tokenOperation(text(flow.refreshUrl) !== "") });
  }
  return [...found.values()];
}

/** The path of an address at the document's own host. */
function pathOf(address: string, servers: unknown): string | undefined {
  if (address === "") return undefined;
  const own = (Array.isArray(servers) ? servers : []).flatMap((one: unknown) =>
    isJsonObject(one as JsonObject) ? hostOf(text((one as JsonObject).url)) : [],
  );
  try {
    const url = new URL(address, "http://relative.invalid/");
    const isOwn = url.hostname === "relative.invalid" || own.includes(url.host);
    return isOwn && url.pathname.length > 1 ? url.pathname : undefined;
  } catch {
    return undefined;
  }
}

function hostOf(url: string): string[] {
  try {
    return [new URL(url).host];
  } catch {
    return [];
  }
}

function tokenOperation(refreshes: boolean): JsonObject {
  return {
    summary: "Log in with user name and password for an access token",
    servers: [{ url: "/" }],
    security: [],
    requestBody: {
      required: true,
      content: {
        "application/x-www-form-urlencoded": {
          schema: {
            type: "object",
            required: ["grant_type", "username", "password"],
            properties: {
              grant_type: { type: "string", enum: ["password"] },
              username: STRING,
              password: { type: "string", format: "password" },
            },
          },
        },
      },
    },
    responses: {
      200: {
        description: "Tokens",
        content: {
          "application/json": {
            schema: {
              type: "object",
              properties: {
                access_token: STRING,
                token_type: STRING,
                expires_in: { type: "integer" },
                ...(refreshes ? { refresh_token: STRING } : {}),
              },
            },
          },
        },
      },
    },
  };
}

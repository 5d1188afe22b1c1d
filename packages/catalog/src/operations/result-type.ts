import { plain, stem } from "../words/words.ts";
import type { Operation } from "./operation-catalog.ts";

/** What a GraphQL operation returns: `Tenancy` of `(plotId: ID!): Tenancy!`. */
const RETURNED = /:\s*\[?(\w+)[\]!]*$/;
const SCALARS: ReadonlySet<string> = new Set(["Boolean", "String", "ID", "Int", "Float"]);
/** Words that only say that a type is an answer. */
const WRAPPERS: ReadonlySet<string> = new Set("payload result response output answer connection".split(" "));

/** The stem of the thing that a GraphQL operation returns: `tenancy` of `Tenancy` or `CreateTenancyPayload`. */
export function resultTypeNoun({ signature }: Pick<Operation, "signature">): string | undefined {
  const name = RETURNED.exec(signature ?? "")?.[1];
  if (name === undefined || SCALARS.has(name)) return undefined;
  const last = plain(name)
    .split(" ")
    .findLast((word) => !WRAPPERS.has(word));
  return last === undefined ? undefined : stem(last);
}

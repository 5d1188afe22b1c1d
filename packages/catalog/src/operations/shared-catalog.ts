import type { ApiDescription } from "@ape/core/protocol/api";
import { OperationCatalog } from "./operation-catalog.ts";

interface Shared {
  apis: readonly ApiDescription[];
  catalog: OperationCatalog;
}

/** By the first description; a catalog lives as long as that does. */
const shared = new WeakMap<ApiDescription, Shared>();

/**
 * The catalog of these descriptions: for the same objects the same one, since indexing a large document takes as long as
 * reading it, and each goal's checks and prompt ask for it. Descriptions are not changed once they are made.
 */
export function catalogOf(apis: readonly ApiDescription[]): OperationCatalog {
  const [first] = apis;
  if (first === undefined) return new OperationCatalog(apis);
  const known = shared.get(first);
  if (known?.apis.length === apis.length && known.apis.every((api, index) => api === apis[index]))
    return known.catalog;
  const catalog = new OperationCatalog(apis);
  shared.set(first, { apis: [...apis], catalog });
  return catalog;
}

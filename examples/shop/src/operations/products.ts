import { type Answer, type FieldErrors, invalid, problem } from "../answer.ts";
import { viewOf } from "../catalogue.ts";
import { type Operation, open, type Visit } from "../visit.ts";

const MAX_PAGE_SIZE = 50;

/** A whole number of a query: its default when absent, undefined when it is no such number. */
function whole(value: unknown, absent: number, most: number): number | undefined {
  if (value === undefined) return absent;
  if (typeof value !== "string" || !/^\d{1,6}$/.test(value)) return undefined;
  const number = Number(value);
  return number >= 1 && number <= most ? number : undefined;
}

function listProducts(visit: Visit): Answer {
  const { search = "", inStock, page, pageSize } = visit.query;
  const { plan, catalogue } = visit.world;
  const number = whole(page, 1, 100_000);
  const size = whole(pageSize, plan.pageSize, MAX_PAGE_SIZE);
  const searchFits = typeof search === "string" && search.length <= 100;
  const stockFits = inStock === undefined || inStock === "true" || inStock === "false";
  if (number === undefined || size === undefined || !searchFits || !stockFits) {
    const fields: FieldErrors = {};
    if (number === undefined) fields.page = "must be a whole number from 1";
    if (size === undefined) fields.pageSize = `must be a whole number from 1 to ${MAX_PAGE_SIZE}`;
    if (!searchFits) fields.search = "must be one text of at most 100 characters";
    if (!stockFits) fields.inStock = "must be true or false";
    return invalid(fields);
  }
  const found = catalogue.search(search, inStock === undefined ? undefined : inStock === "true");
  const items = found.slice((number - 1) * size, number * size);
  const pageCount = Math.max(1, Math.ceil(found.length / size));
  return { status: 200, body: { items, page: number, pageCount, total: found.length } };
}

function showProduct(visit: Visit): Answer {
  const product = visit.world.catalogue.get(visit.params.productId ?? "");
  if (product === undefined) return problem(404, "product_not_found", "The shop sells nothing with this id.");
  return { status: 200, body: viewOf(product) };
}

export const PRODUCT_OPERATIONS: readonly Operation[] = [
  open("GET /products", listProducts),
  open("GET /products/{productId}", showProduct),
];

import type { Clause } from "@ape/catalog/goal/clause";
import { MADE_AT, type ToldOrder, toldOrders } from "@ape/catalog/goal/orderings/told-order";
import { type Field, isDate, isText } from "@ape/catalog/operations/field";
import { plain } from "@ape/catalog/words/words";
import type { Json } from "@ape/core/lib/json";
import { isIdName } from "@ape/core/protocol/id-name";
import { amountIn, numericField } from "../item-bounds.ts";
import { readItem } from "../response-values.ts";

/** An order of the things of a list, and the field that shows it. */
interface FieldOrder {
  order: ToldOrder;
  field: Field;
}

const TIME = /\b(?:at|on|date|day|time|since|year)$/;

/** The order by which clauses tell one thing from the others, by a field of its list; undefined where none of them shows it. */
export function orderOf(
  clauses: readonly Pick<Clause, "text" | "extreme">[],
  fields: readonly Field[],
): FieldOrder | undefined {
  const amounts = fields.filter((field) => !isIdName(field.leaf));
  for (const order of clauses.flatMap(toldOrders)) {
    const field =
      order.byTime === true ? timeField(amounts) : numericField({ ...order, bare: false }, amounts);
    if (field !== undefined) return { order, field };
  }
  return undefined;
}

/** The field that says when a thing was made, else the only one that says a day or a time of it. */
function timeField(fields: readonly Field[]): Field | undefined {
  const times = fields.filter((field) => isDate(field) || (isText(field) && TIME.test(plain(field.leaf))));
  return times.find(({ leaf }) => MADE_AT.test(plain(leaf))) ?? (times.length === 1 ? times[0] : undefined);
}

/** The first item in an order. */
export function firstIn(
  items: readonly Json[],
  { order, field }: FieldOrder,
  fields: readonly Field[],
): Json {
  const rank = (item: Json): number => {
    const value =
      order.byTime === true
        ? Date.parse(String(readItem(item, field, fields)))
        : amountIn(item, field, fields);
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value * (order.least ? 1 : -1);
  };
  return items.reduce((best, item) => (rank(item) < rank(best) ? item : best));
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Event } from "@ape/core/protocol/events";
import { readEvents } from "@ape/engine/store/event-reader";
import { eventsDirectory, findRun } from "@ape/engine/store/run-directory";
import type { Books } from "@ape/shop/books";
import { reconcile } from "../test/reconcile.ts";

/** Holds the last demo's verdicts against the shop's own books: the check on APE itself, outside of the product. */
const directory = await findRun(process.cwd(), process.argv[2] ?? "latest");
const books = JSON.parse(readFileSync(join(directory, "shop-books.json"), "utf8")) as Books;
const events: Event[] = [];
await readEvents(eventsDirectory(directory), (event) => {
  events.push(event);
});
const { succeeded, reached, onlyApe, onlyShop, otherOrders } = reconcile(events, books);
console.log(
  `\nAPE says ${succeeded} sessions succeeded; by the shop's own books ${reached} reached the goal.`,
);
for (const { order, session, trace, why } of otherOrders)
  console.log(`  order ${order} does not count: ${session}, ${why} (ape-test trace ${trace.slice(0, 16)})`);
if (onlyApe.length + onlyShop.length > 0) {
  console.log(
    `They disagree: only APE counts ${onlyApe.join(", ") || "none"}; only the shop counts ${onlyShop.join(", ") || "none"}.`,
  );
  process.exit(1);
}
console.log("They name the same sessions.");

import type { Clause } from "@ape/catalog/goal/clause";
import { nameBegun, nameOf, type ThingName } from "@ape/catalog/goal/phrases/thing-name";
import { asserts } from "@ape/catalog/goal/things/sought-text";
import { plain } from "@ape/catalog/words/words";

/** What a clause says of a thing: `lies on shelf 3` of `check that crate K-4 lies on shelf 3`. */
export interface AssertedThing {
  /** The name of the thing; undefined if it is `it`, or a property of it. */
  name: ThingName | undefined;
  /** What is said of it, with the property that it is said of: `its score is 9`. */
  claim: string;
}

const BEGINS = /^.*?\b(?:check|verify|confirm|ensure|make sure|see)\s+(?:(?:that|whether|if)\s+)?/i;
/** The subject of a claim, up to its verb. */
const SUBJECT =
  /^(.*?)\s+(?:is|are|was|were|has|have|had|lies|lie|stands|sits|hangs|costs|weighs|contains|belongs|shows|holds|lists|appears|takes|\p{Ll}+s\s+(?:on|in|at|to|by|for))\b/u;

/** What a clause asserts; undefined if it asserts nothing. */
export function thingAsserted(clause: Clause): AssertedThing | undefined {
  if (!clause.active || !asserts(clause)) return undefined;
  const claim = clause.said.replace(BEGINS, "").trim();
  const subject = SUBJECT.exec(claim)?.[1];
  if (subject === undefined) return undefined;
  return { name: nameWithin(subject), claim };
}

/** The name in a subject: `W-104` of `the wheel W-104`, `Blue evening` of `the tasting Blue evening`. */
function nameWithin(subject: string): ThingName | undefined {
  const quoted = /["“]([^"”]+)["”]/.exec(subject)?.[1];
  if (quoted !== undefined) return nameOf(quoted);
  const start = subject.search(/(?<![\p{L}\p{N}])(?!The\b|My\b|Our\b|It\b|Its\b)\p{Lu}/u);
  if (start < 0) return undefined;
  const before = plain(subject.slice(0, start)).split(" ");
  return nameBegun(
    subject.slice(start),
    before.filter((word) => word !== "the"),
  );
}

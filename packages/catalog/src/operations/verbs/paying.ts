import type { Clause } from "../../goal/clause.ts";
import { stem } from "../../words/words.ts";
import { isPurchase } from "../operation-subject.ts";

const PAY = stem("pay");
const PAYMENTS: ReadonlySet<string> = new Set("pay payment payout settlement transfer".split(" ").map(stem));

/** Whether a clause pays: who pays for a thing, or is paid for it, has it already. */
export const isPaying = ({ lead }: Clause): boolean => lead === PAY;

/** Whether a noun, given by its stem, is what paying makes: a `payment`, or an `order`. */
export const isPayment = (noun: string): boolean => PAYMENTS.has(noun) || isPurchase(noun);

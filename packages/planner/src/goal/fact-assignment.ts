import { type Field, isNumeric, isSecret, isText } from "@ape/catalog/operations/field";
import type { Operation } from "@ape/catalog/operations/operation-catalog";
import { plain, tokens } from "@ape/catalog/words/words";
import { namesPassword } from "@ape/core/protocol/sign-in";
import type { ViewFact } from "@ape/core/protocol/view";

/** Tokens that nearly every field has: a fact with only these must match the exact name. */
const GENERIC = new Set(["~id", "id", "number", "name", "code", "key", "valu", "type", "refer"]);

/** A description that only mentions the fact's subject: `When the member will come`. */
const ASIDE = /^(?:when|whether|how|for how|where)\b/i;

/** Whether a fact is a column of the data row. */
export const isData = (fact: ViewFact): boolean => fact.origin === "data";

/** Whether a fact is a placeholder that the session fills in: `{{password}}`. */
export const isPlaceholder = (value: string): boolean => /^\{\{.+\}\}$/.test(value);

/** The kind of characters in a value: `M-0042` and `M-0000` are both `A-9`. */
function shape(value: string): string {
  return value
    .replaceAll(/\d+/g, "9")
    .replaceAll(/[a-z]+/g, "a")
    .replaceAll(/[A-Z]+/g, "A");
}

/** How well a column of the data row fits a field, 0 to about 1.5. */
function fieldMatchScore(fact: ViewFact, field: Field): number {
  if (!canHold(field, fact.value)) return 0;
  if (plain(fact.name) === plain(field.leaf)) return 1.5;
  if (ASIDE.test(field.description)) return 0;
  const words = tokens(fact.name);
  // `favorited`, "by the favourites of a user": a filter that only mentions the column narrows what a session sees.
  if (field.in === "query" && !field.required && !words.some((word) => field.nameTokens.has(word))) return 0;
  let told = 0;
  let all = 0;
  for (const word of words) {
    const weight = GENERIC.has(word) ? 0.2 : 1;
    all += weight;
    if (field.nameTokens.has(word) || field.textTokens.has(word)) told += weight;
  }
  if (told < 1) return 0;
  let score = told / all;
  if (isPlaceholder(fact.value)) score += isSecret(field) ? 0.2 : -0.2;
  else if (isSecret(field) && !words.includes("~secret")) score -= 0.3;
  if (looksLike(fact.value, field)) score += 0.2;
  return score;
}

/** Whether a field could hold a value at all. */
function canHold(field: Field, value: string): boolean {
  if (isPlaceholder(value)) return true;
  if (field.enum !== undefined) return field.enum.some((option) => String(option) === value);
  if (field.format === "date") return /^\d{4}-\d\d-\d\d$/.test(value);
  return !isNumeric(field) || (value.trim() !== "" && !Number.isNaN(Number(value)));
}

function looksLike(value: string, field: Field): boolean {
  if (field.format === "email") return value.includes("@");
  return (
    typeof field.example === "string" &&
    /[^a-z ]/i.test(field.example) &&
    shape(field.example) === shape(value)
  );
}

/** Assigns facts to the inputs of an operation; each fact is used once, the best match first. */
export function assignFacts(operation: Operation, facts: readonly ViewFact[]): Map<Field, string> {
  const pairs: { field: Field; fact: ViewFact; score: number }[] = [];
  for (const field of operation.inputs) {
    if (!(isText(field) || isNumeric(field)) || field.in === "header") continue;
    for (const fact of facts) {
      const score = isData(fact) ? fieldMatchScore(fact, field) : 0;
      if (score >= (field.required ? 0.6 : 1)) pairs.push({ field, fact, score });
    }
  }
  pairs.sort((one, two) => two.score - one.score);
  const assigned = new Map<Field, string>();
  const spent = new Set<string>();
  for (const { field, fact } of pairs) {
    if (operation.login && isSecret(field) !== isSecretFact(fact)) continue;
    if (assigned.has(field) || spent.has(fact.name)) continue;
    assigned.set(field, fact.name);
    spent.add(fact.name);
  }
  if (operation.login) assignRest(operation, facts, assigned, spent);
  return assigned;
}

/** Names of what says who logs in. */
const IDENTITY =
  /\b(?:user|username|login|log in|logon|account|handle|nick|nickname|screen name|e ?mail|mail|identifier|identity|principal|uid|phone|mobile|telephone|member)\b/;
const MAIL = /\be ?mail\b|\bmail\b/;
const PHONE = /\b(?:phone|mobile|telephone)\b/;

/** Whether a column of the data row is a secret: it is shown as its placeholder. */
const isSecretFact = (fact: ViewFact): boolean => isPlaceholder(fact.value) || namesPassword(fact.name);

/** How well a column says who logs in where a field asks for that under another name: `username` for `login`. */
function identityScore({ name, value }: ViewFact, field: Field): number {
  const words = plain(name);
  if (!IDENTITY.test(words)) return 0;
  const wantsMail = MAIL.test(field.words) || field.format === "email";
  const isMail = MAIL.test(words) || value.includes("@");
  if (wantsMail && isMail) return 3;
  if (PHONE.test(field.words) !== PHONE.test(words)) return 1;
  return isMail ? 1.5 : 2;
}

/**
 * A login's remaining inputs get the data row's remaining facts: a secret for a secret, who logs in by the names that this
 * has, others in order. Inputs that the document calls optional are filled like that where it requires none.
 */
function assignRest(
  operation: Operation,
  facts: readonly ViewFact[],
  assigned: Map<Field, string>,
  spent: Set<string>,
): void {
  const body = operation.inputs.filter((field) => field.in === "body" && isText(field));
  const required = body.filter((field) => field.required);
  const take = (field: Field, fact: ViewFact | undefined): void => {
    if (fact === undefined) return;
    assigned.set(field, fact.name);
    spent.add(fact.name);
  };
  const left = (): ViewFact[] => facts.filter((fact) => isData(fact) && !spent.has(fact.name));
  const fields = required.length > 0 ? required : body;
  const open = (): Field[] => fields.filter((field) => !assigned.has(field));
  for (const field of open()) if (isSecret(field)) take(field, left().find(isSecretFact));
  for (const field of open()) {
    if (isSecret(field) || !IDENTITY.test(plain(field.leaf))) continue;
    const ranked = left()
      .filter((fact) => !isSecretFact(fact))
      .map((fact) => ({ fact, score: identityScore(fact, field) }))
      .sort((one, two) => two.score - one.score);
    if ((ranked[0]?.score ?? 0) > 0) take(field, ranked[0]?.fact);
  }
  if (required.length === 0) return;
  for (const field of open())
    take(
      field,
      left().find(({ value }) => looksLike(value, field)) ??
        left().find((fact) => isSecretFact(fact) === isSecret(field)),
    );
}

/** The columns of a data row by which a person logs in. */
export const credentialsIn = (facts: readonly ViewFact[]): ViewFact[] =>
  facts.filter((fact) => isSecretFact(fact) || IDENTITY.test(plain(fact.name)));

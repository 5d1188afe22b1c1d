import type { Clause } from "../../goal/clause.ts";

/** `The trip to the gas sensor`, `a trip for the camera that is online`: which thing it is about. */
const REACHED =
  /\s(?:to\s+(?:the|my|our|an?)|(?:for|of)\s+(?:the|my|our))\s+(\p{Ll}[\p{L}-]*(?:\s\p{Ll}[\p{L}-]*){0,2}?)(?=\s+(?:to|from|until|because|and|on|at|in|for|of|with|that|which|who|is|are|was)\b|[,.]|\s*$)/gu;
/** `The instrument that is offline`. */
const STATE_TOLD = /\b(?:that|which|who)\s+(?:is|are|was|has been)\s+((?:not\s+)?\p{Ll}[\p{L}-]+)/gu;

/** The further things by which a clause says which one it is about; none where something is moved or changed to them. */
export const thingsReached = ({ text, verb }: Clause): string[] =>
  Array.from(text.matchAll(REACHED), ([said, phrase = ""]) => ({ said, phrase }))
    .filter(({ said }) => !/^\sto\s/.test(said) || (verb !== "~update" && verb !== "~add"))
    .map(({ phrase }) => phrase);

/** The states by which a clause describes its thing. */
export const statesTold = ({ text }: Clause): string[] =>
  Array.from(text.matchAll(STATE_TOLD), ([, state = ""]) => state);

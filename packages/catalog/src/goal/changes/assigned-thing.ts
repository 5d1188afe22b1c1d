/** Who or what a clause assigns to a thing. */
export interface AssignedThing {
  name: string;
  thing: string;
  /** What the name is one of, where the clause says it: `driver` of `assign the driver Ida Lund`. */
  noun?: string;
}

const LEAD = String.raw`^\W*(?:(?:[Tt]hen|[Aa]lso|[Pp]lease|[Ff]inally|[Nn]ow|[Aa]nd)\s+)*`;
const NAME = String.raw`(quoted\d+|\p{Lu}\S*?(?:\s+\p{Lu}\S*?)*)`;
const END = String.raw`[\s.,]*$`;
const NOUN = String.raw`(?:(?:the\s+)?(\p{Ll}[\p{Ll}-]*)\s+)?`;

/** `Assign Amelie Roux to the job TR-26/119`, `put the driver Ida Lund on the bus "Red 5"`. */
const TO_THING = new RegExp(
  String.raw`${LEAD}(?:[Aa]ssign|[Aa]llocate|[Aa]ppoint|[Pp]ut(?! quoted)|[Pp]lace(?! quoted))\s+${NOUN}${NAME}\s+(?:to|on|onto)\s+(\S.*?)${END}`,
  "u",
);
/** `Give the bus "Red 5" to Ida Lund`, `assign the job "Oil change" to the mechanic Ida Lund`. */
const TO_PERSON = new RegExp(
  String.raw`${LEAD}(?:[Gg]ive|[Hh]and|[Aa]ssign|[Aa]llocate)\s+(the\s+\p{Ll}\S*\s+.*?)\s+to\s+${NOUN}${NAME}${END}`,
  "u",
);
/** `Make Ida Lund the driver of the bus "Red 5"`. */
const MADE = new RegExp(
  String.raw`${LEAD}(?:[Mm]ake|[Aa]ppoint)\s+${NAME}\s+(?:the|as)\s+(\p{Ll}[\p{Ll}-]*)\s+(?:of|for|on)\s+(\S.*?)${END}`,
  "u",
);

/** What a clause assigns to what, each as it may be read. */
export function assignedThings(written: string): AssignedThing[] {
  const found: AssignedThing[] = [];
  const [, own, name = "", thing = ""] = TO_THING.exec(written) ?? [];
  if (thing !== "") found.push({ name, thing, ...(own === undefined ? {} : { noun: own }) });
  const [, given = "", receiver, person = ""] = TO_PERSON.exec(written) ?? [];
  if (given !== "")
    found.push({ name: person, thing: given, ...(receiver === undefined ? {} : { noun: receiver }) });
  const [, made = "", noun = "", of = ""] = MADE.exec(written) ?? [];
  if (of !== "") found.push({ name: made, thing: of, noun });
  return found;
}

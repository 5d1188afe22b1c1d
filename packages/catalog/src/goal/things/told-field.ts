/** A field and its value by which a clause tells the thing that it is about: `the entry with the note "early"`. */
export interface ToldField {
  /** Stem of the noun of the thing. */
  noun: string;
  /** The field as the clause calls it. */
  name: string;
  /** What documents call the field. */
  leaves: readonly string[];
  value: string;
  said: string;
}

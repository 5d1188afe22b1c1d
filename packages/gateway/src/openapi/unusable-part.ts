/** A part of an API document that cannot be used, and why. */
export interface UnusablePart {
  /** A JSON pointer as a URI fragment, with the file before it if it is not the first: `paths/a.yaml#/get`. */
  place: string;
  message: string;
}

/** Receives the JSON pointer of an unusable part and the reason. */
export type NamePart = (pointer: string, message: string) => void;

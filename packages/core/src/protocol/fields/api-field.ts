import type { Json } from "../../lib/json.ts";

/** A parameter, body field or answer field. Nested fields have dotted names, list items `[]`: `items[].price`. */
export interface ApiField {
  /** The document does not describe it: most APIs have it there. */
  assumed?: true;
  in: "path" | "query" | "header" | "cookie" | "body" | "answer";
  name: string;
  /** JSON type, with `[]` behind it for a list. The bounds of a list of plain values are those of its items. */
  type: string;
  required: boolean;
  description: string;
  format?: string;
  enum?: readonly Json[];
  /** The default if there is one, else the example. */
  example?: Json;
  minimum?: number;
  maximum?: number;
  /** Bounds that a value must not reach. */
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  multipleOf?: number;
  /** In Unicode characters. */
  minLength?: number;
  maxLength?: number;
  /** A regular expression of ECMA-262 that is found somewhere in the value. */
  pattern?: string;
  minItems?: number;
  maxItems?: number;
  /** Set if no two items of a list may be equal. */
  uniqueItems?: true;
  /** How many properties an object may have. */
  minProperties?: number;
  maxProperties?: number;
  /** Names of properties beside it that have to be sent where it is. */
  onlyWith?: readonly string[];
  /** Set if the value may be null. */
  nullable?: true;
  /** JSON types that the value may have besides `type`; `any` if the document names none. */
  also?: readonly string[];
  /** Where an object has one of several forms: the number of the form that the field belongs to, from 1. */
  form?: number;
  /** Whether that form needs the field; `required` says so of the first form only. */
  neededInForm?: true;
  /** Of the field whose value tells the forms apart: the form that each value of its `enum` is of. */
  choosesForm?: readonly number[];
  /** Of GraphQL answers: the types that values above the field must have, the outermost first. */
  onTypes?: readonly TypeCondition[];
}

/** A value of an answer that has one of several types, of which only some have a field. */
export interface TypeCondition {
  /** The name of the value, as fields are named; empty for the whole answer. */
  at: string;
  types: readonly string[];
}

import type { ApiField } from "@ape/core/protocol/api";
import { type Field, fieldOf } from "../src/operations/field.ts";
import { apiField } from "./api-field.ts";

/** A field of a body with the meanings of its words: an optional text, unless `more` says otherwise. */
export const bodyField = (name: string, more: Partial<ApiField> = {}, context = ""): Field =>
  fieldOf(apiField("body", name, more), context);

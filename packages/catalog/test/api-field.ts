import type { ApiField } from "@ape/core/protocol/api";

/** A field of an operation: an optional text without a description, unless `more` says otherwise. */
export const apiField = (place: ApiField["in"], name: string, more: Partial<ApiField> = {}): ApiField => ({
  in: place,
  name,
  type: "string",
  required: false,
  description: "",
  ...more,
});

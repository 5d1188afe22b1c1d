/** How an answer of a model was put right without a loss before it was read as a decision. */
export const REPAIRS = {
  call_in_text: "The call stood in the answer's text: tagged, fenced or as bare JSON.",
  tool_name:
    "The tool's name had a prefix, a number, blanks or marks of a chat template, or was the operation's method and path.",
  arguments_text:
    "The arguments were JSON in JSON, fenced, a Python literal, a list of one object, or had an empty object before them.",
  argument_name:
    "An argument had another usual name, such as `body` for `data`, or stood one level off or in a call of its own.",
  argument_type:
    "An argument had another type than the tool wants: a number as text, JSON as text, one value for a list, null for nothing.",
  query_text: "The query was text, such as `page=1&pageSize=5`.",
  path: "The path had a method before it, no slash, or was the target's whole URL.",
  header: "A header that the session sets by itself was left out.",
} as const;

export type Repair = keyof typeof REPAIRS;

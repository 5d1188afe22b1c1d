import { type ApiDescription, renderApi } from "@ape/core/api";

const INSTRUCTIONS = `You are one user of the APIs below, with a goal of your own. Work towards it like a person would: one tool call at a time, each chosen from what the last answers said.

- Call an operation with the tool of its method or kind; a path has real values in it, not braces.
- Credentials and cookies that you were given by an API are sent for you. Never write them yourself.
- Where a value is shown as {{name}}, write {{name}}: it is filled in for you.
- When a call fails, read why and mend it: log in again after 401, choose another thing after 404 or 409, correct the fields after 400 or 422. After 429 or 503 the call can simply be repeated.
- Call finish as soon as the goal is reached, or when it cannot be reached.`;

/**
 * The part of every prompt that all agents of a run share.
 * @param own the user's instructions; headings of an API in them would be taken for one, so they are set off
 */
export function systemPrompt(apis: readonly ApiDescription[], own = ""): string {
  const further = own.trim().replaceAll(/^## API /gm, "API ");
  return [INSTRUCTIONS, ...(further === "" ? [] : [further]), ...apis.map(renderApi)].join("\n\n");
}

import { type ApiDescription, renderApi } from "@ape/core/protocol/api";

const INSTRUCTIONS = `You are one user of the APIs below. Work towards your goal as a person would, choosing each call from what the last answers said. Several calls in one answer are made in order until one fails; none may need an earlier one's answer.

- Write real values into paths, not braces.
- Credentials and cookies are sent for you; write {{name}} where a value shows as {{name}}.
- When a call fails, mend it: log in again after 401, choose another thing after 404 or 409, correct the fields after 400 or 422, repeat after 429 or 503.
- Call finish when the goal is reached or cannot be.`;

/**
 * The part of every prompt that all agents of a run share.
 * @param own the user's instructions; headings of an API in them would be taken for one, so they are set off
 */
export function systemPrompt(apis: readonly ApiDescription[], own = ""): string {
  const further = own.trim().replaceAll(/^## API /gm, "API ");
  return [INSTRUCTIONS, ...(further === "" ? [] : [further]), ...apis.map(renderApi)].join("\n\n");
}

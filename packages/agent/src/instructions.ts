import { type ApiDescription, renderApi } from "@ape/core/api";

const INSTRUCTIONS = `You are one user of the APIs below, with a goal of your own. Work towards it like a person would, each call chosen from what the last answers said. Make several calls in one answer only where the later ones do not need what the earlier ones bring; they are made in order until one fails.

- Call an operation with the tool of its method or kind; a path has real values in it, not braces.
- Credentials and cookies that you were given by an API are sent for you. Never write them yourself.
- Where a value is shown as {{name}}, write {{name}}: it is filled in for you.
- When a call fails, read why and mend it: log in again after 401, choose another thing after 404 or 409, correct the fields after 400 or 422. After 429 or 503 the call can simply be repeated.
- Call finish as soon as the goal is reached, or when it cannot be reached.`;

/** The part of every prompt that all agents of a run share. */
export function systemPrompt(apis: readonly ApiDescription[]): string {
  return `${INSTRUCTIONS}\n\n${apis.map(renderApi).join("\n\n")}`;
}

/** Which lines of the containers are wanted; everything that is given must hold. */
export interface LineFilter {
  /** The service's name among the containers. */
  service?: string | undefined;
  /** A text in the line; a whole trace id is looked up as such. */
  grep?: string | undefined;
  agent?: string | undefined;
  /** Any of these. */
  sessions?: readonly string[] | undefined;
}

const TRACE_ID = /^[0-9a-f]{32}$/;

/**
 * The LogQL query for a filter. Ids are structured metadata, not labels, and are matched exactly; other text is looked for in the line.
 * Words of the user's can not leave their quotes.
 */
export function logqlOf({ service, grep, agent, sessions = [] }: LineFilter): string {
  const parts = [service === undefined ? '{service=~".+"}' : `{service=${quoted(service)}}`];
  if (grep !== undefined && grep !== "")
    parts.push(TRACE_ID.test(grep) ? `| trace_id=${quoted(grep)}` : `|= ${quoted(grep)}`);
  if (agent !== undefined) parts.push(`| agent_id=${quoted(agent)}`);
  if (sessions.length > 0) parts.push(`| ${sessions.map((id) => `session_id=${quoted(id)}`).join(" or ")}`);
  return parts.join(" ");
}

/** A string in Go's double quotes, as LogQL takes them: JSON's escapes are a part of Go's, but for halves of surrogate pairs, which Go refuses. */
function quoted(text: string): string {
  return JSON.stringify(text.replaceAll(/\p{Surrogate}/gu, "\ufffd"));
}

/** Whether a line of Docker's is wanted; of the service is nothing asked, Docker has picked it. The roles write JSON. */
export function lineWanted(line: string, { grep = "", agent, sessions = [] }: LineFilter): boolean {
  const has = (key: string, value: string): boolean => line.includes(`"${key}":${JSON.stringify(value)}`);
  return (
    line.includes(grep) &&
    (agent === undefined || has("agent_id", agent)) &&
    (sessions.length === 0 || sessions.some((id) => has("session_id", id)))
  );
}

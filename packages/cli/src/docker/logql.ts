/** Selects lines of the containers; every given condition must hold. */
export interface LineFilter {
  /** The service's name among the containers. */
  service?: string | undefined;
  /** A text in the line; a whole trace id is matched exactly. */
  grep?: string | undefined;
  agent?: string | undefined;
  /** Any of these. */
  sessions?: readonly string[] | undefined;
}

const TRACE_ID = /^[0-9a-f]{32}$/;

/**
 * The LogQL query for a filter. Ids are structured metadata, not labels, and are matched exactly; other text is
 * searched in the line. The user's text is quoted, so that it cannot change the query.
 */
export function logqlOf({ service, grep, agent, sessions = [] }: LineFilter): string {
  const parts = [service === undefined ? '{service=~".+"}' : `{service=${quoted(service)}}`];
  if (grep !== undefined && grep !== "")
    parts.push(TRACE_ID.test(grep) ? `| trace_id=${quoted(grep)}` : `|= ${quoted(grep)}`);
  if (agent !== undefined) parts.push(`| agent_id=${quoted(agent)}`);
  if (sessions.length > 0) parts.push(`| ${sessions.map((id) => `session_id=${quoted(id)}`).join(" or ")}`);
  return parts.join(" ");
}

/**
 * A string in Go's double quotes, as LogQL requires: JSON's escapes are a subset of Go's, except halves of surrogate
 * pairs, which Go refuses.
 */
function quoted(text: string): string {
  return JSON.stringify(text.replaceAll(/\p{Surrogate}/gu, "\ufffd"));
}

/**
 * Whether a line of Docker's output is selected; not by service, because Docker has selected that. The roles write
 * JSON.
 */
export function lineWanted(line: string, { grep = "", agent, sessions = [] }: LineFilter): boolean {
  const has = (key: string, value: string): boolean => line.includes(`"${key}":${JSON.stringify(value)}`);
  return (
    line.includes(grep) &&
    (agent === undefined || has("agent_id", agent)) &&
    (sessions.length === 0 || sessions.some((id) => has("session_id", id)))
  );
}

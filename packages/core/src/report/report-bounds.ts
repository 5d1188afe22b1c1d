/** Sessions that a report has at most. */
export const MAX_REPORT_SESSIONS = 275;
/** Reasons of failures that a report has at most: a new one then replaces the rarest. */
export const MAX_FAILURE_GROUPS = 50;

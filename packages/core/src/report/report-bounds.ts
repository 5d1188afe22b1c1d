/** Sessions that a report has at most. */
export const MAX_REPORT_SESSIONS = 275;

export type { GoalRealism, RunStatus, Summary, SummaryMetric } from "@ape/core/report/summary";

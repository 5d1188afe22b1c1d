import type { SchedulerFigures } from "../limits/request-schedulers.ts";

/** Figures of one model of one provider. */
export interface ProviderFigures extends SchedulerFigures {
  provider: string;
}

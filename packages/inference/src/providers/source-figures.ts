import type { SchedulerFigures } from "../limits/request-schedulers.ts";

/** How it stands with one model of one provider. */
export interface ProviderFigures extends SchedulerFigures {
  provider: string;
}

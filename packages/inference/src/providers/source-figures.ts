import type { GovernorFigures } from "../limits/request-schedulers.ts";

/** How it stands with one model of one provider. */
export interface SourceFigures extends GovernorFigures {
  provider: string;
}

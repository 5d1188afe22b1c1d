import type { GovernorFigures } from "./governors.ts";

/** How it stands with one model of one provider. */
export interface SourceFigures extends GovernorFigures {
  provider: string;
}

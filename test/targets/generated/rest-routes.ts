import { asideRoutes } from "./aside-routes.ts";
import { dealRoutes } from "./deal-routes.ts";
import type { SystemPlan } from "./draw.ts";
import { folderRoutes } from "./folder-routes.ts";
import { itemRoutes } from "./item-routes.ts";
import { loginRoutes } from "./login-routes.ts";
import type { SystemRoute } from "./route.ts";

/** Everything of a REST system. */
export function routesOf(plan: SystemPlan): SystemRoute[] {
  return [
    ...loginRoutes(plan),
    ...itemRoutes(plan),
    ...dealRoutes(plan),
    ...folderRoutes(plan),
    ...asideRoutes(plan),
  ];
}

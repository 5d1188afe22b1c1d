import { objectName } from "@ape/core/config/runtime/run-objects";
import type { RunHandle } from "../../run/progress.ts";
import type { KubeApi } from "./kube-api.ts";

/** The ConfigMap with a run's orders. */
const CONTROL = "control";
/** Interval at which the engine reads its orders, in milliseconds. */
const READ_MS = 1_000;

/** Orders to the engine of a run: data of the run's ConfigMap `control`. */
export interface RunOrders {
  /** Number of agents from now on. */
  agents?: string;
  stop?: "drain" | "force";
}

/** Gives an order to the engine of a run; it takes about a second. */
export async function giveOrder(api: KubeApi, run: string, orders: RunOrders): Promise<void> {
  await api.patch("ConfigMap", objectName(run, CONTROL), { data: orders });
}

/** The orders that a run has been given. */
export async function ordersOf(api: KubeApi, run: string): Promise<RunOrders> {
  return ((await api.get("ConfigMap", objectName(run, CONTROL)))?.data ?? {}) as RunOrders;
}

/** Who carries orders out. */
export interface OrderTaker {
  /** The run; undefined before its load has begun. */
  run: () => Pick<RunHandle, "scale" | "stop" | "kill"> | undefined;
  /** Called for an order to stop that comes before the load has begun. */
  cancel: () => void;
}

/**
 * Carries out the orders that a run's ConfigMap holds, each once. What is ordered before the load has begun is done then,
 * if it is not an order to stop. Returns how to end that.
 */
export function followOrders(api: KubeApi, id: string, { run, cancel }: OrderTaker): () => void {
  let done: RunOrders = {};
  let isReading = false;
  const read = async (): Promise<void> => {
    const { agents, stop } = await ordersOf(api, id);
    const begun = run();
    if (begun === undefined) {
      if (stop !== undefined) cancel();
      return;
    }
    if (agents !== undefined && agents !== done.agents && /^\d{1,9}$/.test(agents))
      begun.scale(Number(agents));
    if (stop !== done.stop && stop === "drain") begun.stop();
    if (stop !== done.stop && stop === "force") begun.kill();
    done = { ...(agents === undefined ? {} : { agents }), ...(stop === undefined ? {} : { stop }) };
  };
  const timer = setInterval(() => {
    if (isReading) return;
    isReading = true;
    // A cluster that does not answer at this moment is asked again.
    read()
      .catch(() => undefined)
      .finally(() => {
        isReading = false;
      });
  }, READ_MS);
  timer.unref();
  return () => clearInterval(timer);
}

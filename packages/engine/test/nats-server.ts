import { execFileSync } from "node:child_process";

/** Whether this machine has the program `nats-server`, which tests of the message bus start. */
export const hasNatsServer = ((): boolean => {
  try {
    execFileSync("nats-server", ["--version"]);
    return true;
  } catch {
    return false;
  }
})();

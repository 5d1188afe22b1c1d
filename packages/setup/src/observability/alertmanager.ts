import { stringify } from "yaml";

/** Alertmanager's configuration: every alert goes to the webhook, if there is one. */
export function alertmanagerFile(webhook: string | undefined): string {
  return stringify({
    route: { receiver: "ape", group_by: ["alertname", "run"], group_wait: "5s", repeat_interval: "1h" },
    receivers: [
      webhook === undefined ? { name: "ape" } : { name: "ape", webhook_configs: [{ url: webhook }] },
    ],
  });
}

import { hasOwnBus } from "@ape/core/config/runtime/bus";
import { NATS_PORT } from "@ape/core/config/runtime/run-objects";
import type { Config } from "@ape/core/config/schema";
import { ROLE_PORTS } from "../roles/container-roles.ts";
import type { KubernetesObject, Part, RunNames } from "./kubernetes-object.ts";

const DNS: Part = {
  ports: [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ],
};

/**
 * Who reaches whom, as Compose's networks have it: agents reach the gateway, the proxy and the message bus; targets are
 * behind the gateway and models behind the proxy, so that these two lead anywhere.
 */
export function networkPolicies({ bus, kubernetes }: Config, names: RunNames): KubernetesObject[] {
  if (!kubernetes.networkPolicies) return [];
  const pods = (...roles: string[]): Part[] => roles.map((role) => ({ podSelector: names.selector(role) }));
  const port = (number: number): Part[] => [{ protocol: "TCP", port: number }];
  // Prometheus may be in any namespace; `/metrics` asks for the run's token.
  const callers = (...roles: string[]): Part[] => [
    ...pods(...roles),
    ...(kubernetes.podMonitor ? [{ namespaceSelector: {} }] : []),
  ];
  const policy = (role: string, spec: Part): KubernetesObject =>
    names.object("networking.k8s.io/v1", "NetworkPolicy", role, role, {
      spec: { podSelector: names.selector(role), policyTypes: ["Ingress", "Egress"], ...spec },
    });
  const anywhere: Part[] = [{}];
  const toBus: Part = hasOwnBus({ bus })
    ? { to: pods("nats"), ports: port(NATS_PORT) }
    : { ports: busPorts(bus.url ?? "").map((number) => ({ protocol: "TCP", port: number })) };
  return [
    policy("agents", {
      ingress: kubernetes.podMonitor ? [{ from: callers(), ports: port(ROLE_PORTS.agents) }] : [],
      egress: [
        { to: pods("gateway"), ports: port(ROLE_PORTS.gateway) },
        { to: pods("inference"), ports: port(ROLE_PORTS.inference) },
        toBus,
        DNS,
      ],
    }),
    policy("gateway", {
      ingress: [{ from: callers("agents", "engine"), ports: port(ROLE_PORTS.gateway) }],
      egress: anywhere,
    }),
    policy("inference", {
      ingress: [{ from: callers("agents", "engine"), ports: port(ROLE_PORTS.inference) }],
      egress: anywhere,
    }),
    policy("engine", { ingress: [], egress: anywhere }),
    ...(hasOwnBus({ bus })
      ? [
          policy("nats", {
            ingress: [{ from: pods("agents", "inference", "engine"), ports: port(NATS_PORT) }],
            egress: [],
          }),
        ]
      : []),
  ];
}

/** Ports of the servers of an address. */
function busPorts(url: string): number[] {
  const ports = url.split(",").map((one) => Number(new URL(one).port || NATS_PORT));
  return [...new Set(ports)];
}

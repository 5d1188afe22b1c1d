import { stringify } from "yaml";

/** Structured metadata of a log line, by which it is found: with a label per trace, Loki would refuse new streams. */
export const STRUCTURED = ["trace_id", "session_id", "agent_id"] as const;
/** The only labels of a log line. */
export const LOG_LABELS = ["service", "level"] as const;

/** Loki's configuration: one process, schema v13 on tsdb, structured metadata, a week's retention. */
export function lokiFile(): string {
  return stringify({
    auth_enabled: false,
    server: { http_listen_port: 3100 },
    common: {
      instance_addr: "127.0.0.1",
      path_prefix: "/loki",
      replication_factor: 1,
      storage: { filesystem: { chunks_directory: "/loki/chunks", rules_directory: "/loki/rules" } },
      ring: { kvstore: { store: "inmemory" } },
    },
    schema_config: {
      configs: [
        {
          from: "2024-04-01",
          store: "tsdb",
          object_store: "filesystem",
          schema: "v13",
          index: { prefix: "index_", period: "24h" },
        },
      ],
    },
    limits_config: { allow_structured_metadata: true, retention_period: "168h", volume_enabled: true },
    compactor: {
      working_directory: "/loki/compactor",
      retention_enabled: true,
      delete_request_store: "filesystem",
    },
    analytics: { reporting_enabled: false },
  });
}

/** The Compose projects of a folder, as a regular expression: each run's ends with the run's id. */
function projectsOf(project: string): string {
  return `${project}(-[0-9]{8}-[0-9]{6}-[0-9a-f]{4})?`;
}

/** Alloy's configuration: every container of the project, its JSON read, sent to Loki. */
export function alloyFile(project: string): string {
  const pairs = (names: readonly string[], indent: string): string =>
    names.map((name) => `${indent}${name} = "",`).join("\n");
  return `// Made by \`ape-test generate compose\`.
discovery.docker "ape" {
  host = "unix:///var/run/docker.sock"
}

discovery.relabel "ape" {
  targets = discovery.docker.ape.targets

  rule {
    source_labels = ["__meta_docker_container_label_com_docker_compose_project"]
    regex         = "${projectsOf(project)}"
    action        = "keep"
  }

  rule {
    source_labels = ["__meta_docker_container_label_com_docker_compose_service"]
    target_label  = "service"
  }
}

loki.source.docker "ape" {
  host       = "unix:///var/run/docker.sock"
  targets    = discovery.relabel.ape.output
  forward_to = [loki.process.ape.receiver]
}

loki.process "ape" {
  stage.json {
    expressions = {
${pairs(["level", ...STRUCTURED], "      ")}
    }
  }
  stage.labels {
    values = {
      level = "",
    }
  }
  stage.structured_metadata {
    values = {
${pairs(STRUCTURED, "      ")}
    }
  }
  stage.label_keep {
    values = [${LOG_LABELS.map((label) => `"${label}"`).join(", ")}]
  }
  forward_to = [loki.write.ape.receiver]
}

loki.write "ape" {
  endpoint {
    url = "http://loki:3100/loki/api/v1/push"
  }
}
`;
}

/** Promtail's configuration, for set-ups that have it: the same labels, the same structured metadata. */
export function promtailFile(project: string): string {
  const same = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, name]));
  return stringify({
    server: { http_listen_port: 9080, grpc_listen_port: 0 },
    positions: { filename: "/tmp/positions.yaml" },
    clients: [{ url: "http://loki:3100/loki/api/v1/push" }],
    scrape_configs: [
      {
        job_name: "ape",
        docker_sd_configs: [
          {
            host: "unix:///var/run/docker.sock",
            refresh_interval: "2s",
          },
        ],
        relabel_configs: [
          {
            source_labels: ["__meta_docker_container_label_com_docker_compose_project"],
            regex: projectsOf(project),
            action: "keep",
          },
          {
            source_labels: ["__meta_docker_container_label_com_docker_compose_service"],
            target_label: "service",
          },
        ],
        pipeline_stages: [
          { json: { expressions: same(["level", ...STRUCTURED]) } },
          { labels: { level: "" } },
          { structured_metadata: same(STRUCTURED) },
          { labelallow: [...LOG_LABELS] },
        ],
      },
    ],
  });
}

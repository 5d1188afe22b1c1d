type Schema = Record<string, unknown>;

const TEXT: Schema = { type: "string" };
const FLAG: Schema = { type: "boolean" };
/** Go's durations, and days, weeks and years as Prometheus has them. */
const DURATION: Schema = { type: "string", pattern: "^(0|([0-9.]+(ns|us|µs|ms|s|m|h|d|w|y))+)$" };
const DATE: Schema = { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}$" };

const block = (properties: Record<string, Schema>): Schema => ({
  type: "object",
  additionalProperties: false,
  properties,
});

/**
 * The settings of Loki 3 that APE's configuration may use, with their types. Written by hand, as Loki publishes no schema:
 * a new setting in the file needs its line here, looked up in the reference.
 * Source: https://grafana.com/docs/loki/latest/configure/
 */
export const LOKI_SETTINGS: Schema = block({
  auth_enabled: FLAG,
  server: block({ http_listen_port: { type: "integer" }, grpc_listen_port: { type: "integer" } }),
  common: block({
    instance_addr: TEXT,
    path_prefix: TEXT,
    replication_factor: { type: "integer" },
    storage: block({ filesystem: block({ chunks_directory: TEXT, rules_directory: TEXT }) }),
    ring: block({
      kvstore: block({ store: { enum: ["inmemory", "consul", "etcd", "memberlist", "multi"] } }),
    }),
  }),
  schema_config: block({
    configs: {
      type: "array",
      items: block({
        from: DATE,
        store: { enum: ["tsdb"] },
        object_store: { enum: ["filesystem", "s3", "gcs", "azure", "swift"] },
        schema: { enum: ["v13"] },
        index: block({ prefix: TEXT, period: DURATION }),
      }),
    },
  }),
  limits_config: block({
    allow_structured_metadata: FLAG,
    retention_period: DURATION,
    volume_enabled: FLAG,
  }),
  compactor: block({
    working_directory: TEXT,
    retention_enabled: FLAG,
    delete_request_store: { enum: ["filesystem", "s3", "gcs", "azure", "swift"] },
  }),
  analytics: block({ reporting_enabled: FLAG }),
});

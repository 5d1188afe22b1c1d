import { parse } from "yaml";

/** Where Compose looks for its file, in its order. Source: Compose's documentation, "The Compose file". */
export const COMPOSE_FILES = [
  "compose.yaml",
  "compose.yml",
  "docker-compose.yaml",
  "docker-compose.yml",
] as const;

/** A service of the user's own Compose file that this machine can reach. */
export interface PublishedService {
  name: string;
  url: string;
}

/** The services of a Compose file that publish a TCP port, each with its first; none if it cannot be read. */
export function publishedServices(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): PublishedService[] {
  const services = servicesOf(text);
  return Object.entries(services).flatMap(([name, service]) => {
    const { ports } = (service ?? {}) as { ports?: unknown };
    const [port] = (Array.isArray(ports) ? ports : [])
      .map((one: unknown) => published(one, environment))
      .filter((one) => one !== undefined);
    return port === undefined ? [] : [{ name, url: `http://127.0.0.1:${port}` }];
  });
}

function servicesOf(text: string): Record<string, unknown> {
  try {
    const { services } = (parse(text) ?? {}) as { services?: unknown };
    return typeof services === "object" && services !== null && !Array.isArray(services)
      ? (services as Record<string, unknown>)
      : {};
  } catch {
    return {};
  }
}

/** The host port in `8080:80`, `127.0.0.1:8080:80/tcp` or the long form; undefined for one that Docker chooses. */
function published(
  port: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): number | undefined {
  const long =
    typeof port === "object" && port !== null
      ? (port as { published?: unknown; protocol?: unknown })
      : undefined;
  const line = filled(
    String(long === undefined ? port : `${String(long.published)}:0/${String(long.protocol ?? "tcp")}`),
    environment,
  );
  const [mapping = "", protocol = "tcp"] = line.split("/");
  const parts = mapping.split(":");
  const found = parts.length < 2 ? Number.NaN : Number(parts.at(-2));
  return protocol === "tcp" && Number.isInteger(found) && found > 0 && found < 65_536 ? found : undefined;
}

/** `${NAME}`, `${NAME:-default}` and `${NAME-default}` by the environment. */
function filled(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(/\$\{(\w+)(?::?-([^}]*))?\}/g, (_, name: string, fallback = "") =>
    environment[name] === undefined || environment[name] === "" ? String(fallback) : environment[name],
  );
}

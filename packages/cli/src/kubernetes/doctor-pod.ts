import { randomBytes } from "node:crypto";
import { ROLE_LABEL, RUN_LABEL } from "@ape/core/config/runtime/run-objects";
import type { Config } from "@ape/core/config/schema";
import { messageOf } from "@ape/core/lib/errors";
import { isJsonObject } from "@ape/core/lib/json";
import type { KubeApi, KubeObject } from "@ape/engine/launch/kubernetes/kube-api";
import { type PodState, podState } from "@ape/engine/launch/kubernetes/pod-states";
import { waitingReasons } from "@ape/engine/launch/kubernetes/waiting-reasons";
import { PROVIDERS } from "@ape/inference/providers/provider-list";
import { DOCTOR_ROLE, doctorJob } from "@ape/setup/kubernetes/doctor-job";
import type { Io } from "../io.ts";
import type { DoctorFinding } from "../setup/doctor-finding.ts";

const LOOK_MS = 500;
/** Time that a pod may take from its Job to its end, an image that is pulled included. */
const POD_MS = 90_000;
/** Reasons with which a node says that it cannot run an image. */
const HOPELESS = /: (?:Err|ImagePullBackOff|ImageInspectError|InvalidImageName|CreateContainer\w*Error)/;
/** A name that the DNS of every cluster knows. */
const CLUSTER_NAME = "kubernetes.default.svc";
const PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };
const NATS_PORT = "4222";

/**
 * Runs the image in a pod of the namespace for a moment, and says what that shows: whether nodes can pull the image, and
 * whether DNS, targets, message bus and model are reached from there. Leaves nothing in the namespace.
 */
export async function judgeFromPod(
  api: KubeApi,
  config: Config,
  { sleep }: Pick<Io, "sleep">,
): Promise<DoctorFinding[]> {
  const parts = addressesOf(config);
  const id = `doctor-${randomBytes(3).toString("hex")}`;
  const job = doctorJob(config, id, [...new Set([CLUSTER_NAME, ...parts.values()])]);
  const { image } = config.kubernetes;
  try {
    await api.apply(job as KubeObject);
    const { pod, reasons } = await endOfPod(api, id, sleep);
    if (pod === undefined)
      return [{ name: "image", ok: false, message: `a pod of ${image} does not run: ${reasons.join("; ")}` }];
    const findings = await findingsOf(api, pod);
    if (findings === undefined) {
      const ending = pod.ending === undefined ? "" : ` (${pod.ending})`;
      const message = `nodes run ${image}, which is not the image of this version of ape-test${ending}`;
      return [{ name: "image", ok: false, message }];
    }
    return [
      { name: "image", ok: true, message: `nodes run ${image}` },
      ...[["DNS of pods", CLUSTER_NAME] as const, ...parts].flatMap(([name, address]) => {
        const found = findings.find((finding) => finding.name === address);
        return found === undefined ? [] : [{ ...found, name, message: `from a pod, ${found.message}` }];
      }),
    ];
  } catch (thrown) {
    return [{ name: "image", ok: false, message: messageOf(thrown) }];
  } finally {
    await api.delete("Job", job.metadata.name).catch(() => undefined);
  }
}

/** What pods of a run connect to, with `HOST:PORT` of each; targets that are commands have no address. */
function addressesOf({ targets, bus, inference }: Config): Map<string, string> {
  const parts = new Map<string, string>();
  const add = (name: string, url: string | undefined, port?: string): void => {
    if (url === undefined || !URL.canParse(url)) return;
    const { hostname, port: own, protocol } = new URL(url);
    const wanted = own || (port ?? PORTS[protocol]);
    if (hostname !== "" && wanted !== undefined) parts.set(name, `${hostname}:${wanted}`);
  };
  for (const [name, { baseUrl }] of Object.entries(targets)) add(`target ${name}`, baseUrl);
  for (const url of bus.url?.split(",") ?? []) add(`message bus ${url}`, url, NATS_PORT);
  add("model", inference.baseUrl ?? PROVIDERS[inference.provider].baseUrl);
  return parts;
}

/** The pod when it has ended, or why it does not begin. */
async function endOfPod(
  api: KubeApi,
  id: string,
  sleep: Io["sleep"],
): Promise<{ pod?: PodState; reasons: string[] }> {
  const until = performance.now() + POD_MS;
  for (;;) {
    const pods = (await api.list("Pod", { [RUN_LABEL]: id, [ROLE_LABEL]: DOCTOR_ROLE })).map(podState);
    const pod = pods.find(({ phase }) => phase === "Succeeded" || phase === "Failed");
    if (pod !== undefined) return { pod, reasons: [] };
    const reasons = await waitingReasons(api, id, pods, { [DOCTOR_ROLE]: 1 });
    if (performance.now() > until || reasons.some((reason) => HOPELESS.test(reason))) return { reasons };
    await sleep(LOOK_MS);
  }
}

/** What the pod has written; undefined if it is another program. */
async function findingsOf(api: KubeApi, { name }: PodState): Promise<DoctorFinding[] | undefined> {
  for await (const line of api.log(name))
    if (line.startsWith("["))
      try {
        const value: unknown = JSON.parse(line);
        if (Array.isArray(value) && value.every(isJsonObject)) return value as unknown as DoctorFinding[];
      } catch {
        // A line of another program.
      }
  return undefined;
}

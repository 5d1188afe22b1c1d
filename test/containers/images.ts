import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { IMAGES } from "@ape/setup/roles/images";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The image of APE's roles that the tests build. */
export const APE_IMAGE = "ape-test:e2e";
export const BASE_IMAGE = "ape-test-base:e2e";

const docker = (...args: string[]): string =>
  execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 26 });

/** The shared libraries that a program needs, with the loader; none for a static one. */
function librariesOf(program: string): string[] {
  try {
    return [...execFileSync("ldd", [program], { encoding: "utf8" }).matchAll(/(\/\S+) \(0x/g)].map(
      ([, file = ""]) => file,
    );
  } catch {
    return [];
  }
}

/** Copies files of this machine, with their dependencies, to their paths inside an image. */
function rootOf(programs: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "ape-rootfs-"));
  const put = (from: string, to: string): void => {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    cpSync(realpathSync(from), join(root, to));
  };
  for (const [from, to] of Object.entries(programs)) {
    put(from, to);
    for (const library of librariesOf(from)) put(library, library);
  }
  const libraries = "/lib/x86_64-linux-gnu";
  for (const name of ["libnss_files.so.2", "libnss_dns.so.2", "libresolv.so.2"])
    if (existsSync(join(libraries, name))) put(join(libraries, name), join(libraries, name));
  for (const folder of ["tmp", "etc", "data", "prometheus"]) {
    mkdirSync(join(root, folder), { recursive: true });
    // Readable for everybody, whatever the umask: these programs run as another user.
    chmodSync(join(root, folder), 0o777);
  }
  writeFileSync(join(root, "etc/nsswitch.conf"), "hosts: files dns\n");
  writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/:/\nape:x:65532:65532:ape:/tmp:/\n");
  if (existsSync("/etc/ssl/certs/ca-certificates.crt"))
    put("/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/certs/ca-certificates.crt");
  return root;
}

function importImage(tag: string, programs: Record<string, string>, entrypoint: readonly string[]): void {
  const root = rootOf(programs);
  try {
    const tar = `${root}.tar`;
    execFileSync("tar", ["-C", root, "-cf", tar, "."]);
    docker("import", "-c", `ENTRYPOINT ${JSON.stringify(entrypoint)}`, "-c", "ENV PATH=/bin", tar, tag);
    rmSync(tar);
  } finally {
    rmSync(root, { recursive: true });
  }
}

const which = (program: string): string => execFileSync("which", [program], { encoding: "utf8" }).trim();

/**
 * Builds APE's image, from the Dockerfile that users get, on a base made of a Node of this machine.
 * @param node the tests' own by default
 * @returns the image's tag
 */
export function buildApeImage(node = process.execPath, tag = APE_IMAGE, base = BASE_IMAGE): string {
  importImage(base, { [node]: "/bin/node" }, ["/bin/node"]);
  docker("build", "--build-arg", `BASE=${base}`, "--tag", tag, join(ROOT, "packages/cli/image"));
  return tag;
}

/** Replaces images of a registry with images of this machine's programs, under the same tags. */
export function importStandIns(): void {
  const wget = { [which("busybox")]: "/bin/wget" };
  importImage(IMAGES.nats, { [which("nats-server")]: "/bin/nats-server", ...wget }, ["/bin/nats-server"]);
  importImage(IMAGES.prometheus, { [which("prometheus")]: "/bin/prometheus", ...wget }, ["/bin/prometheus"]);
  importImage(IMAGES.nodeExporter, { [which("prometheus-node-exporter")]: "/bin/node_exporter", ...wget }, [
    "/bin/node_exporter",
  ]);
}

/** Why no container can run here; undefined if they can. */
export function whyNoEngine(): string | undefined {
  const tried: [string, () => unknown][] = [
    ["no container engine answers", () => docker("version")],
    ["Docker Compose v2 is missing", () => docker("compose", "version")],
    ...["nats-server", "prometheus", "prometheus-node-exporter", "busybox"].map(
      (program): [string, () => unknown] => [`${program} is missing`, () => which(program)],
    ),
  ];
  for (const [reason, look] of tried)
    try {
      look();
    } catch {
      return reason;
    }
  return undefined;
}

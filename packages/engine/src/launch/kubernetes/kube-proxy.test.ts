import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, test } from "vitest";
import { ClusterServer } from "../../../test/cluster-server.ts";
import { KubeApi } from "./kube-api.ts";

test("the API is reached through the proxy of the kubeconfig, with the proxy's own credentials", async () => {
  const cluster = await ClusterServer.open();
  const asked: (string | undefined)[] = [];
  const proxy = createServer();
  proxy.on("connect", (request, socket) => {
    asked.push(`${request.url} ${request.headers["proxy-authorization"]}`);
    const [host, port] = (request.url ?? "").split(":");
    const there = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      there.pipe(socket).pipe(there);
    });
    there.on("error", () => socket.destroy());
    socket.on("error", () => there.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port } = proxy.address() as AddressInfo;
  const api = new KubeApi({
    server: cluster.url,
    namespace: "team",
    proxy: `http://me:secret@127.0.0.1:${port}`,
    authorization: async () => "Bearer t",
  });
  try {
    expect(await api.get("Job", "none")).toBeUndefined();
    const credentials = Buffer.from("me:secret").toString("base64");
    expect(asked).toEqual([`${new URL(cluster.url).host} Basic ${credentials}`]);
    expect(cluster.requests[0]?.authorization).toBe("Bearer t");
  } finally {
    await api.close();
    await cluster.close();
    proxy.close();
  }
});

import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gatewayJsonSchema } from "@ape/core/config/gateway";
import { configJsonSchema } from "@ape/core/config/schema";
import { reportJsonSchema } from "@ape/core/report/report";
import { bundle, licencesInside, licencesOf } from "./bundle.ts";
import { bundlePage } from "./bundle-page.ts";
import { configTypes } from "./config-types.ts";

/** Bundles the workspaces into the one published package; npm packages stay what they are, dependencies. */
const out = "packages/cli/dist";
rmSync(out, { recursive: true, force: true });
await bundle({
  entryPoints: {
    main: "packages/cli/src/main.ts",
    config: "packages/cli/src/config.ts",
    agents: "packages/engine/src/worker/main.ts",
    shop: "examples/shop/src/main.ts",
  },
  outdir: out,
});

await bundlePage(`${out}/page`);

// The context of the container image: the same program with every dependency in it, so that nothing is installed there.
const image = "packages/cli/image";
rmSync(image, { recursive: true, force: true });
const packages = await bundle({
  entryPoints: { main: "packages/cli/src/main.ts", shop: "examples/shop/src/main.ts" },
  outdir: `${image}/app/dist`,
  standalone: true,
});
// The engine of a run on Kubernetes writes the report.
cpSync(`${out}/page`, `${image}/app/dist/page`, { recursive: true });
cpSync("packages/cli/bin", `${image}/app/bin`, { recursive: true });
const { name, version, license, type, engines, bin } = JSON.parse(
  readFileSync("packages/cli/package.json", "utf8"),
);
writeFileSync(
  `${image}/app/package.json`,
  `${JSON.stringify({ name, version, license, type, engines, bin }, null, 2)}\n`,
);
cpSync("examples/shop/openapi.yaml", `${image}/app/openapi.yaml`);
cpSync("LICENSE", `${image}/app/LICENSE`);
writeFileSync(`${image}/app/THIRD-PARTY-LICENSES.txt`, licencesOf(packages));
for (const file of ["Dockerfile", "try.mjs"]) cpSync(join("deploy", file), join(image, file));
writeFileSync(join(out, "config.d.ts"), await configTypes());
writeFileSync(join(out, "THIRD-PARTY-LICENSES.txt"), licencesInside());

// The demo's own files, as real files beside the bundle.
const demo = "packages/cli/demo";
rmSync(demo, { recursive: true, force: true });
mkdirSync(demo, { recursive: true });
for (const file of ["ape.config.yaml", "openapi.yaml", "accounts.csv"])
  cpSync(join("examples/shop", file), join(demo, file));
cpSync("examples/shop/openapi.yaml", "packages/cli/openapi.yaml");

// The goals of `evaluate`, with the document and the accounts that they name.
const evaluation = "packages/cli/evaluation";
rmSync(evaluation, { recursive: true, force: true });
cpSync("examples/shop/evaluation", evaluation, { recursive: true });
for (const file of ["openapi.yaml", "accounts.csv"])
  cpSync(join("examples/shop", file), join(evaluation, file));

const templates = "packages/cli/templates";
rmSync(templates, { recursive: true, force: true });
cpSync("packages/setup/templates", templates, { recursive: true });
for (const name of readdirSync("examples"))
  if (name !== "shop") cpSync(join("examples", name), join(templates, "examples", name), { recursive: true });

// Every command works in the image too: `docker run IMAGE init`.
for (const folder of [demo, evaluation, templates])
  cpSync(folder, folder.replace("packages/cli", `${image}/app`), { recursive: true });

mkdirSync("packages/cli/schema", { recursive: true });
writeFileSync(
  "packages/cli/schema/ape.config.schema.json",
  `${JSON.stringify(configJsonSchema(), null, 2)}\n`,
);
writeFileSync(
  "packages/cli/schema/ape.mcp-gateway.schema.json",
  `${JSON.stringify(gatewayJsonSchema(), null, 2)}\n`,
);
writeFileSync(
  "packages/cli/schema/ape.report.schema.json",
  `${JSON.stringify(reportJsonSchema(), null, 2)}\n`,
);

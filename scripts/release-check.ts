import { readFileSync } from "node:fs";

/**
 * Refuses a release that is not what its tag says:
 *   tsx scripts/release-check.ts TAG
 * Both published packages have the tag's version, `create-ape-test` opens that very `ape-test`, and the changelog tells of it.
 */
const tag = process.argv[2] ?? "";
const manifest = (name: string) =>
  JSON.parse(readFileSync(`packages/${name}/package.json`, "utf8")) as {
    name: string;
    version: string;
    dependencies?: Record<string, string>;
  };
const [command, opener] = [manifest("cli"), manifest("create-ape-test")];
const wrong: string[] = [];
for (const { name, version } of [command, opener])
  if (tag !== `v${version}`) wrong.push(`${tag || "no tag"} is not the tag of ${name} ${version}`);
const opened = opener.dependencies?.[command.name];
if (opened !== command.version) wrong.push(`${opener.name} depends on ${command.name} ${opened}`);
const changelog = readFileSync("packages/cli/CHANGELOG.md", "utf8");
if (!changelog.includes(`\n## ${command.version}\n`))
  wrong.push(
    `packages/cli/CHANGELOG.md has no section for ${command.version}: run \`npx @changesets/cli@2 version\``,
  );
for (const what of wrong) console.error(what);
if (wrong.length > 0) process.exitCode = 1;
else console.log(`${tag}: the packages and the changelog agree`);

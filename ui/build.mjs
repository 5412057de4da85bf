// Bundles the user interface: usage: node build.mjs OUTPUT_FOLDER [DEPFILE TARGET]
// Names of scripts and styles hold a hash of their content; index.html names them. Without inline code, for the
// server's content policy allows none.
import { build } from "esbuild";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const [output, depfile, target] = process.argv.slice(2);
if (!output) throw new Error("usage: node build.mjs OUTPUT_FOLDER [DEPFILE TARGET]");

await rm(output, { recursive: true, force: true });
await mkdir(output, { recursive: true });
const result = await build({
  absWorkingDir: here,
  entryPoints: { app: "src/main.tsx" },
  outdir: path.resolve(output),
  entryNames: "[name]-[hash]",
  chunkNames: "part-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  minify: true,
  target: ["es2022"],
  jsx: "automatic",
  jsxImportSource: "preact",
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
});

let script, style;
for (const [name, made] of Object.entries(result.metafile.outputs)) {
  if (made.entryPoint !== "src/main.tsx") continue;
  script = path.basename(name);
  style = path.basename(made.cssBundle);
}
const page = await readFile(path.join(here, "src/index.html"), "utf8");
await writeFile(path.join(output, "index.html"), page.replace("APP_STYLE", style).replace("APP_SCRIPT", script));
await writeFile(path.join(output, "favicon.svg"), await readFile(path.join(here, "src/favicon.svg")));
if (depfile) {
  const inputs = Object.keys(result.metafile.inputs).map((name) => path.resolve(here, name).replaceAll(" ", "\\ "));
  inputs.push(path.join(here, "src/index.html"), path.join(here, "src/favicon.svg"));
  await writeFile(depfile, `${target}: ${inputs.join(" ")}\n`);
}

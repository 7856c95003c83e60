// Every page of the gallery: valid HTML, no accessibility finding, nothing
// that the policy forbids, no sideways scroll, at each size.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessibility, bareNumbers, browser, gallery, markup, overflows, screens, shot, watched } from "./harness.mjs";

const served = await gallery();
let chromium;
before(async () => {
  chromium = await browser();
});
after(async () => {
  await chromium?.close();
  await served.close();
});

test("there is a gallery", () => assert.ok(served.names.length >= 14, String(served.names)));

for (const name of served.names) {
  test(`${name} at its own size`, async () => {
    const context = await chromium.newContext({ viewport: name === "wall" ? screens.wall : screens.desk, locale: "zh-CN" });
    const { page, complaints } = await watched(context);
    const response = await page.goto(`${served.address}/${name}`);
    assert.deepEqual(await markup(await response.text()), []);
    assert.equal(await page.title().then((t) => / · (溯园|Suyuan)$/.test(t)), true);
    await shot(page, name);
    if (name !== "print") assert.equal(await overflows(page), false, "sideways scroll");
    assert.deepEqual(await accessibility(page), []);
    assert.deepEqual(await bareNumbers(page), []);
    assert.deepEqual(complaints, []);
    await context.close();
  });
}

test("pages work without script", async () => {
  const context = await chromium.newContext({ viewport: screens.desk, javaScriptEnabled: false });
  const { page, complaints } = await watched(context);
  await page.goto(`${served.address}/ledger`);
  // The menu opens, filters can be sent, ticked rows too.
  await page.click(".menu summary >> text=招商引资");
  assert.equal(await page.isVisible(".menu a >> text=产业链图谱"), true);
  assert.equal(await page.isEnabled("button[data-needs-tick]"), true);
  assert.equal(await page.isVisible("form[role=search] button >> text=查询"), true);
  await page.goto(`${served.address}/metric`);
  assert.equal(await page.isVisible(".chooser button"), true);
  assert.deepEqual(complaints, []);
  await context.close();
});

test("large type, wall colours and a phone fit as well", async () => {
  const context = await chromium.newContext({ viewport: screens.desk });
  const { page } = await watched(context);
  for (const name of ["ledger", "metric", "import", "cockpit", "form"]) {
    await page.goto(`${served.address}/${name}`);
    await page.evaluate(() => (document.documentElement.dataset.size = "large"));
    assert.equal(await overflows(page), false, `${name} in large type`);
    await page.evaluate(() => {
      delete document.documentElement.dataset.size;
      document.documentElement.dataset.theme = "wall";
    });
    const contrast = (await accessibility(page)).filter((finding) => finding.startsWith("color-contrast"));
    assert.deepEqual(contrast, [], `${name} on the wall`);
    await page.setViewportSize(screens.phone);
    await page.evaluate(() => delete document.documentElement.dataset.theme);
    assert.equal(await overflows(page), false, `${name} on a phone`);
    await shot(page, `${name}-phone`);
    await page.setViewportSize(screens.desk);
  }
  await context.close();
});

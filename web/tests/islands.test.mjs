// What pages gain from script: ticks, choices, drawer, files, links copied.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { browser, gallery, screens, watched } from "./harness.mjs";

const served = await gallery();
let chromium;
let context;
let page;
let complaints;
before(async () => {
  chromium = await browser();
});
beforeEach(async () => {
  await context?.close();
  context = await chromium.newContext({ viewport: screens.desk, permissions: ["clipboard-read", "clipboard-write"] });
  ({ page, complaints } = await watched(context));
});
after(async () => {
  await chromium?.close();
  await served.close();
});

test("buttons that need ticked rows wait for them, and the rows are counted", async () => {
  await page.goto(`${served.address}/ledger`);
  const button = page.locator("button[data-needs-tick]");
  assert.equal(await button.isDisabled(), true);
  const boxes = page.locator("tbody input[type=checkbox]");
  await boxes.nth(1).check();
  assert.equal(await button.isDisabled(), false);
  await boxes.nth(4).click({ modifiers: ["Shift"] });
  assert.equal(await page.textContent("[data-ticked] b"), "4");
  await page.check("[data-tick-all]");
  assert.equal(await page.textContent("[data-ticked] b"), "20");
  await page.uncheck("[data-tick-all]");
  assert.equal(await button.isDisabled(), true);
  assert.deepEqual(complaints, []);
});

test("what cannot be undone is asked about, and the ticked rows are sent", async () => {
  await page.goto(`${served.address}/ledger`);
  await page.locator("tbody input[type=checkbox]").nth(2).check();
  let question = "";
  page.once("dialog", async (dialog) => {
    question = dialog.message();
    await dialog.dismiss();
  });
  await page.click("button[data-needs-tick]");
  assert.match(question, /删除所选的企业/);
  page.once("dialog", (dialog) => dialog.accept());
  const [request] = await Promise.all([page.waitForRequest((r) => r.method() === "POST"), page.click("button[data-needs-tick]")]);
  assert.equal(new URL(request.url()).pathname, "/enterprise/removal");
  assert.deepEqual(new URLSearchParams(request.postData()).getAll("tick"), ["3"]);
  assert.equal(new URLSearchParams(request.postData()).get("csrf"), "token");
});

test("a form is sent once, however often the button is pressed", async () => {
  await page.goto(`${served.address}/import`);
  let sent = 0;
  await page.route("**/import/31/apply", async (route) => {
    sent += 1;
    await route.fulfill({ status: 204, body: "" });
  });
  await page.evaluate(() => {
    const button = document.querySelector(".actionbar form button");
    button.click();
    button.click();
  });
  await page.waitForLoadState("networkidle");
  assert.equal(sent, 1);
});

test("a choice is sent at once, its button is not needed", async () => {
  await page.goto(`${served.address}/metric`);
  assert.equal(await page.isVisible(".chooser button"), false);
  const [request] = await Promise.all([page.waitForRequest(/period=/), page.selectOption("#c-period", "2024-01..07")]);
  assert.equal(new URL(request.url()).searchParams.get("period"), "2024-01..07");
});

test("a link that stays on its page swaps the main part and keeps the list's place", async () => {
  await page.goto(`${served.address}/ledger`);
  // The gallery's page believes that it is /enterprise.
  const html = await page.content();
  await page.route("**/ledger?record=7*", (route) => route.fulfill({ status: 200, contentType: "text/html; charset=utf-8", body: html.replace("某己电解铜箔有限公司</h2>", "第七家</h2>") }));
  await page.evaluate(() => {
    document.querySelector(".list").scrollTop = 30;
    globalThis.kept = true;
  });
  await page.click(".drawer [data-key=next]");
  await page.waitForSelector("text=第七家");
  assert.equal(await page.evaluate(() => globalThis.kept), true, "the page was not loaded anew");
  assert.equal(new URL(page.url()).search, "?record=7");
  await page.waitForFunction(() => document.querySelector(".list").scrollTop === 30);
  assert.deepEqual(complaints, []);
});

test("signed out meanwhile, a boosted link leads to the sign-in page", async () => {
  await page.goto(`${served.address}/ledger`);
  await page.route("**/ledger?record=7*", (route) => route.fulfill({ status: 200, contentType: "text/html; charset=utf-8", body: "<!DOCTYPE html><title>登录</title><h1>登录</h1>" }));
  await Promise.all([page.waitForURL(/record=7/), page.click(".drawer [data-key=next]")]);
  await page.waitForSelector("h1 >> text=登录");
});

test("an error page is shown, not swallowed", async () => {
  await page.goto(`${served.address}/ledger`);
  const body = '<!DOCTYPE html><html><body><main class="main" id="main"><h1>没有这条记录</h1></main></body></html>';
  await page.route("**/ledger?record=7*", (route) => route.fulfill({ status: 404, contentType: "text/html; charset=utf-8", body }));
  await page.click(".drawer [data-key=next]");
  await page.waitForSelector("h1 >> text=没有这条记录");
});

test("matches of another ledger are offered while typing", async () => {
  await page.goto(`${served.address}/form`);
  await page.route("**/ledgers/office/options*", (route) => {
    const typed = new URL(route.request().url()).searchParams.get("office");
    return route.fulfill({ status: 200, contentType: "text/html; charset=utf-8", body: `<option value="${typed}投局"></option>` });
  });
  await page.fill("#enterprise-office", "招");
  await page.waitForSelector("#enterprise-office-list option[value=招投局]", { state: "attached" });
});

test("keys walk through the records", async () => {
  await page.goto(`${served.address}/ledger`);
  const [request] = await Promise.all([page.waitForRequest(/record=5/), page.keyboard.press("Alt+ArrowUp")]);
  assert.ok(request);
});

test("a file is dropped or pasted, if the field takes it", async () => {
  await page.goto(`${served.address}/import-upload`);
  assert.equal(await page.isVisible("[data-drop-hint]"), true);
  const give = (kind, name) =>
    page.evaluate(
      ([kind, name]) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File(["x"], name));
        const event =
          kind === "drop"
            ? new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true })
            : new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true });
        document.querySelector("main").dispatchEvent(event);
        return document.querySelector("[data-drop] input").files[0]?.name ?? "";
      },
      [kind, name],
    );
  assert.equal(await give("drop", "病毒.exe"), "");
  assert.equal(await give("drop", "8月产值.xlsx"), "8月产值.xlsx");
  assert.equal(await give("paste", "9月产值.XLS"), "9月产值.XLS");
  assert.deepEqual(complaints, []);
});

test("the lineage link is copied", async () => {
  await page.goto(`${served.address}/metric`);
  await page.click("a[data-copy]");
  await page.waitForSelector("text=已复制");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${served.address}/figure/f1:8064`);
});

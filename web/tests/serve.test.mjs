// The running program: sign-in, ledger, drawer, preferences, errors.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { browser, faults, figures, firstSignIn, password, screens, serve, shot, signIn, watched } from "./harness.mjs";

let server;
let chromium;
let page;
let complaints;
let own;
before(async () => {
  [server, chromium] = await Promise.all([serve(), browser()]);
  const context = await chromium.newContext({ viewport: screens.desk, locale: "zh-CN" });
  ({ page, complaints } = await watched(context));
});
after(async () => {
  await chromium?.close();
  await server?.close();
});

test("the sign-in page says what is wrong and keeps the name", async () => {
  const response = await page.goto(`${server.address}/signin`);
  assert.deepEqual(await faults(page, response), []);
  await page.fill("#user", "economy");
  await page.fill("#password", "wrong");
  await page.click("button[type=submit]");
  assert.match(await page.textContent("[role=alert]"), /不对/);
  assert.equal(await page.inputValue("#user"), "economy");
  // The refusal's status is reported by the browser; nothing else is.
  assert.deepEqual(complaints.splice(0).filter((c) => !c.includes("422")), []);
});

test("a page asked for before signing in comes after it", async () => {
  await page.goto(`${server.address}/ledgers/enterprise`);
  assert.match(page.url(), /\/signin/);
});

test("the one-time password is replaced", async () => {
  own = await firstSignIn(page, server.address, "economy", password(server.printed(), "economy"));
  await page.context().clearCookies();
  await signIn(page, server.address, "economy", own);
  assert.deepEqual(complaints.splice(0), []);
});

test("every page of the menu is whole", async () => {
  await page.goto(`${server.address}/ledgers/enterprise`);
  const links = await page.$$eval(".menu li a", (all) => all.map((a) => a.href));
  assert.ok(links.length > 8, String(links));
  for (const link of links) {
    const response = await page.goto(link);
    assert.equal(response.status(), 200, link);
    assert.deepEqual(await faults(page, response), [], link);
  }
  assert.deepEqual(complaints.splice(0), []);
});

test("no link leads nowhere", async () => {
  const seen = new Set();
  for (const start of ["/cockpit", "/metrics", "/reports", "/verify", "/imports", "/ledgers/enterprise?id=1"]) {
    await page.goto(`${server.address}${start}`);
    const links = await page.$$eval("a[href]", (all) => all.map((a) => new URL(a.getAttribute("href"), location.href).href.split("#")[0]));
    for (const link of links) {
      if (seen.has(link) || !link.startsWith(server.address) || link.includes("/prefer?")) continue;
      seen.add(link);
      const { status } = await page.request.get(link, { maxRedirects: 0 }).then((r) => ({ status: r.status() }));
      assert.ok(status < 400, `${start} → ${link}: ${status}`);
    }
  }
  assert.ok(seen.size > 50, String(seen.size));
});

test("every figure of the cockpit leads to its rows, and a row to its cell", async () => {
  await page.goto(`${server.address}/cockpit`);
  const links = await figures(page);
  assert.ok(links.length > 8, String(links));
  for (const link of links) {
    const response = await page.goto(link);
    assert.equal(response.status(), 200, link);
    assert.deepEqual(await faults(page, response), [], link);
    if (await page.$(".thread .sheet td.hit")) continue;
    // A count of records leads to the ledger's own list of them.
    const listed = new URL(link).pathname.startsWith("/ledgers/");
    const row = await page.$(listed ? "tbody a[href]" : ".thread tbody a[href]");
    assert.ok(row, `${link} has no row`);
    await row.click();
    // A counted record leads to the record, which names its cell.
    await page.waitForSelector(".thread .sheet td.hit, .drawer", { timeout: 5000 });
  }
  assert.deepEqual(complaints.splice(0), []);
});

test("the ledger: list, filter, drawer, next record", async () => {
  const response = await page.goto(`${server.address}/ledgers/enterprise`);
  assert.deepEqual(await faults(page, response), []);
  await shot(page, "serve-ledger");
  const first = page.locator("tbody a").first();
  const name = await first.textContent();
  await first.click();
  await page.waitForSelector(".drawer");
  assert.equal(await page.textContent(".drawer h2"), name);
  await shot(page, "serve-drawer");
  await page.click(".drawer [data-key=next]");
  await page.waitForFunction((before) => document.querySelector(".drawer h2")?.textContent !== before, name);
  const open = await page.reload();
  assert.deepEqual(await faults(page, open), []);
  await page.keyboard.press("Escape");
  await page.waitForSelector(".drawer", { state: "detached" });
  assert.deepEqual(complaints.splice(0), []);
});

test("language and type size are kept", async () => {
  await page.click(".topbar a >> text=EN");
  assert.equal(await page.getAttribute("html", "lang"), "en");
  await page.click(".topbar a >> text=Large type");
  assert.equal(await page.getAttribute("html", "data-size"), "large");
  const response = await page.goto(`${server.address}/ledgers/enterprise`);
  assert.deepEqual(await faults(page, response), []);
  await page.click(".topbar a >> text=Normal type");
  await page.click(".topbar a >> text=中文");
  assert.equal(await page.getAttribute("html", "lang"), "zh-CN");
});

test("a page that does not exist says so", async () => {
  const response = await page.goto(`${server.address}/nowhere`);
  assert.equal(response.status(), 404);
  assert.deepEqual(await faults(page, response), []);
  complaints.splice(0);
});

test("signed out, nothing is shown", async () => {
  await page.goto(`${server.address}/ledgers/enterprise`);
  await Promise.all([page.waitForURL(/signin/), page.click("form[action='/signout'] button")]);
  await page.goto(`${server.address}/ledgers/enterprise`);
  assert.match(page.url(), /signin/);
  assert.deepEqual(complaints.splice(0), []);
});

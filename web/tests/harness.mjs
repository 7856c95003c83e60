// What the browser tests share: Chromium, a server with the gallery's
// snapshots, a running suyuan, and the checks that every page must pass.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import { HtmlValidate } from "html-validate";
import { chromium } from "playwright-core";

export const root = fileURLToPath(new URL("../../", import.meta.url));
const dist = join(root, "web/dist");
const snapshots = join(root, "app/face/tests/gallery/snapshots");

/** The policy that pages are served with; the server's own must not be laxer. */
export const policy =
  "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; " +
  "worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** Screens that pages are looked at on. */
export const screens = {
  desk: { width: 1366, height: 768 },
  wall: { width: 1920, height: 1080 },
  phone: { width: 390, height: 844 },
};

/** Chromium, from the system; CHROMIUM names another. */
export async function browser() {
  const known = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const executablePath = known.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error("找不到 Chromium：请安装 chromium，或以 CHROMIUM 指明其路径");
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none", "--lang=zh-CN"], env: { ...process.env, LANGUAGE: "zh_CN" } });
}

/** A page whose console errors, policy reports and failed requests are collected in `complaints`. */
export async function watched(context) {
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (message.type() === "error" || /Content Security Policy/.test(message.text())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText ?? "";
    // A page that is left while it loads is no fault of the page.
    if (why !== "net::ERR_ABORTED") complaints.push(`${request.url()}: ${why}`);
  });
  return { page, complaints };
}

/** axe-core findings (WCAG 2.1 A and AA, best practice), as readable lines. */
export async function accessibility(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }),
  );
  return violations.map((v) => `${v.id} (${v.impact}): ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" | ")}`);
}

const validator = new HtmlValidate({
  extends: ["html-validate:recommended"],
  rules: {
    "no-inline-style": "error",
    // maud writes neither optional closing tags nor boolean values.
    "attribute-boolean-style": "off",
    "void-style": "off",
    "no-trailing-whitespace": "off",
    "doctype-style": "off",
    // Ticks of one list share a name: that is how they are sent.
    "form-dup-name": ["error", { shared: ["radio", "checkbox", "submit", "button", "reset"] }],
    // Long Chinese titles are cut by the frame.
    "long-title": ["error", { maxlength: 70 }],
  },
});

/** html-validate findings, as readable lines. */
export async function markup(html) {
  const report = await validator.validateString(html);
  return report.results.flatMap((r) => r.messages.map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`));
}

/**
 * Numbers in number columns, key figures and tiles that lead nowhere. Row
 * numbers, words in place of a number, the words beside a light, and
 * somebody's own sheet are none.
 */
export async function bareNumbers(page) {
  return page.evaluate(() => {
    const cells = document.querySelectorAll(".table td.n, .kpis .row, .tile");
    const bare = [...cells].filter((cell) => {
      if (cell.closest(".sheet, .a4, .blank") || cell.querySelector("a.fig, a[href], .light")) return false;
      // A row of the lineage leads to its cell as a whole.
      if (cell.closest(".thread tr")?.querySelector("a[href]")) return false;
      const words = cell.cloneNode(true);
      words.querySelectorAll(".mute, svg").forEach((node) => node.remove());
      return /[0-9]/.test(words.textContent);
    });
    return bare.map((cell) => cell.textContent.trim());
  });
}

/** Addresses of all figures of the page, each once. */
export async function figures(page) {
  return page.evaluate(() => [...new Set([...document.querySelectorAll("a.fig[href]")].map((link) => link.href.split("#")[0]))]);
}

/** True if something makes the page wider than its window. */
export async function overflows(page) {
  return page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
}

/** Takes a picture of the window, without the style that playwright would insert and the policy report. */
export async function picture(page, path) {
  const devtools = await page.context().newCDPSession(page);
  const { data } = await devtools.send("Page.captureScreenshot", { format: "png" });
  await devtools.detach();
  await writeFile(path, Buffer.from(data, "base64"));
}

/** Keeps a picture in the folder that SHOTS names, if it names one. */
export async function shot(page, name) {
  const folder = process.env.SHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await picture(page, join(folder, `${name}.png`));
}

/** The HTML of a snapshot: what follows its second `---` line, without the line breaks put in for reading. */
async function snapshot(name) {
  const text = await readFile(join(snapshots, `${name}.snap`), "utf8");
  return text.split(/^---$/m).slice(2).join("---").trim().replaceAll(">\n<", "><");
}

/** Serves the gallery's snapshots and the built bundles on loopback. */
export async function gallery() {
  const names = (await readdir(snapshots)).filter((f) => f.endsWith(".snap")).map((f) => f.slice(0, -5));
  const server = createServer(async (request, response) => {
    const path = new URL(request.url, "http://x").pathname;
    const asset = /^\/assets\/((?:suyuan|favicon)\.(css|js|svg))$/.exec(path);
    try {
      if (asset) {
        const body = await readFile(join(dist, asset[1]));
        response.writeHead(200, { "content-type": { css: "text/css", js: "text/javascript", svg: "image/svg+xml" }[asset[2]] }).end(body);
      } else if (names.includes(path.slice(1))) {
        const body = await snapshot(path.slice(1));
        response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": policy }).end(body);
      } else {
        response.writeHead(404).end();
      }
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { names, address: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((done) => server.close(done)) };
}

/** The program: SUYUAN names it, else what was built last. */
export function program() {
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  const known = [process.env.SUYUAN, join(target, "debug/suyuan"), join(target, "release/suyuan")];
  const found = known.find((path) => path && existsSync(path));
  if (!found) throw new Error("还没有编译 suyuan：先运行 cargo build -p suyuan");
  return found;
}

/** Runs a command of suyuan to its end. */
export async function run(args, { accept = [0] } = {}) {
  const child = spawn(program(), args, { stdio: ["ignore", "pipe", "pipe"] });
  let out = "";
  let err = "";
  child.stdout.on("data", (bytes) => (out += bytes));
  child.stderr.on("data", (bytes) => (err += bytes));
  const code = await new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", done);
  });
  if (!accept.includes(code)) throw new Error(`suyuan ${args.join(" ")}: exit ${code}\n${out}${err}`);
  return { code, out, err };
}

/**
 * Starts `suyuan serve` on a free loopback port and waits for the address it
 * prints. `data` is a data directory; without one a temporary demo is built.
 * Everything it prints is in `printed()`; `close()` ends it and removes what
 * was made here.
 */
export async function serve({ data, args = [], deadline = 120_000 } = {}) {
  let made;
  let text = "";
  if (!data) {
    made = await mkdtemp(join(tmpdir(), "suyuan-"));
    data = join(made, "data");
    text = (await run(["demo", "--data", data])).out;
  }
  const child = spawn(program(), ["serve", "--data", data, "--listen", "127.0.0.1:0", ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const address = await new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`suyuan serve 没有在 ${deadline / 1000} 秒内给出地址\n${text}`)), deadline);
    const read = (bytes) => {
      text += bytes;
      const found = /https?:\/\/127\.0\.0\.1:\d+/.exec(text);
      if (!found) return;
      clearTimeout(timer);
      done(found[0]);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("error", fail);
    child.on("close", (code) => fail(new Error(`suyuan serve 已退出（${code}）\n${text}`)));
  });
  return {
    address,
    data,
    printed: () => text,
    async close() {
      const ended = new Promise((done) => child.once("close", done));
      child.kill("SIGTERM");
      await ended;
      if (made) await rm(made, { recursive: true, force: true });
    },
  };
}

/** The one-time password of `user` in what `suyuan demo` printed. */
export function password(text, user) {
  const line = text.split("\n").find((l) => l.includes(`用户 ${user}（`));
  const found = /一次性口令 (\S+)/.exec(line ?? "")?.[1];
  if (!found) throw new Error(`没有找到用户 ${user} 的口令\n${text}`);
  return found;
}

/** Signs in on the sign-in page and waits for the page behind it. */
export async function signIn(page, address, user, secret) {
  await page.goto(`${address}/signin`);
  await page.fill("#user", user);
  await page.fill("#password", secret);
  await Promise.all([page.waitForURL((url) => url.pathname !== "/signin"), page.click("form[action='/signin'] button[type=submit]")]);
}

/** Signs in with a one-time password, and replaces it as the page asks. */
export async function firstSignIn(page, address, user, secret, own = "Sample-2026-zone") {
  await signIn(page, address, user, secret);
  await page.goto(`${address}/password`);
  await page.fill("[name=old]", secret);
  await page.fill("[name=new]", own);
  await page.fill("[name=again]", own);
  await Promise.all([page.waitForURL((url) => url.pathname !== "/password"), page.click("form[action='/password'] button[type=submit]")]);
  return own;
}

/** All that must hold of a page of the running program; a list of complaints, empty if all is well. */
export async function faults(page, response) {
  const wrong = await markup(await response.text());
  if (await overflows(page)) wrong.push("sideways scroll");
  wrong.push(...(await accessibility(page)), ...(await bareNumbers(page)).map((n) => `bare number: ${n}`));
  const sent = response.headers()["content-security-policy"] ?? "";
  for (const rule of policy.split("; ")) if (!sent.includes(rule)) wrong.push(`policy without ${rule}`);
  return wrong;
}

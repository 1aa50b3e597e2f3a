// A cold Chromium for one measurement: a process, a profile and a cache of its own. It reaches nobody but this machine.

import { createRequire } from "node:module";
import { watchPage } from "./watch-page.mjs";

const { chromium } = createRequire(new URL("../../end2end/package.json", import.meta.url))("@playwright/test");

const QUIET = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/** Runs `visit` with a page that looks out for `words`, in a browser that is new. */
export async function withBrowser({ words, cookie, isAnywhere }, visit) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || undefined,
    args: [...QUIET, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
  });
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    if (cookie) await context.addCookies([cookie]);
    await context.addInitScript(watchPage, { words, isAnywhere });
    const page = await context.newPage();
    return await visit(page, await context.newCDPSession(page));
  } finally {
    await browser.close();
  }
}

/** A visit that broke off is told, so that a button that was not found does not pass for a slow page. */
export function failed(error) {
  console.warn(`broke off: ${error.message.split("\n")[0]}`);
}

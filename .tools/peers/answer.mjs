// A long answer in a console: from the click that sends to where it can be read and the page is at rest.

import { setTimeout as sleep } from "node:timers/promises";
import { failed, withBrowser } from "./browser.mjs";

const LONGEST = 60_000;
/** At rest is a page without a long task for so long. */
const REST = 500;
/** What a page gets to come alive before anything is pressed. */
const SETTLE = 3_000;

/** `send` presses what has to be pressed, the button that sends last. Undefined when the answer is not there in time. */
export function readAnswer({ address, words, cookie, send }) {
  return withBrowser({ words, cookie, isAnywhere: true }, async (page) => {
    page.setDefaultTimeout(LONGEST);
    const crash = new Promise((_, reject) => page.once("crash", () => reject(new Error("crash"))));
    const visit = async () => {
      await page.goto(address);
      await sleep(SETTLE);
      await send(page);
      return rest(page);
    };
    const late = sleep(LONGEST, undefined, { ref: false });
    return Promise.race([visit(), late, crash]).catch(failed);
  });
}

async function rest(page) {
  for (;;) {
    await sleep(100);
    const { now, watched } = await page.evaluate(() => ({ now: performance.now(), watched: window.watched }));
    const { clicked, readable, tasks } = watched;
    const since = tasks.filter(({ startTime, duration }) => startTime + duration > clicked);
    const end = since.reduce((end, { startTime, duration }) => Math.max(end, startTime + duration), readable ?? 0);
    if (readable === null || now - end < REST) continue;
    const longest = since.reduce((longest, { duration }) => Math.max(longest, duration), 0);
    return { seconds: (end - clicked) / 1000, longest: longest / 1000 };
  }
}

// One operation, opened by its link in a cold browser: how long until it can be read, and what that took.

import { setTimeout as sleep } from "node:timers/promises";
import { failed, withBrowser } from "./browser.mjs";

/** Who is not there by then, never is. */
const LONGEST = 60_000;
/** At rest is a page whose words stay, with nothing fetched and no long task for so long. */
const REST = 2_000;

/** Undefined when the operation is not there in time, or the page crashes. */
export function open({ address, ...what }) {
  return withBrowser(what, async (page, devtools) => {
    const traffic = await watchTraffic(devtools);
    const crash = new Promise((_, reject) => page.once("crash", () => reject(new Error("crash"))));
    const visit = async () => {
      await page.goto(address, { waitUntil: "commit", timeout: LONGEST });
      const watched = await rest(page, traffic);
      return { ...figures(watched, traffic), ...(await weigh(devtools)) };
    };
    const late = sleep(LONGEST, undefined, { ref: false });
    return Promise.race([visit(), late, crash]).catch(failed);
  });
}

/** What comes over the wire, as it travels: `[when it was there, bytes]`. */
async function watchTraffic(devtools) {
  await devtools.send("Network.enable");
  const traffic = { began: undefined, last: 0, files: [] };
  devtools.on("Network.requestWillBeSent", ({ timestamp }) => (traffic.began ??= timestamp));
  devtools.on("Network.loadingFinished", ({ timestamp, encodedDataLength }) => {
    traffic.last = performance.now();
    traffic.files.push([timestamp, encodedDataLength]);
  });
  return traffic;
}

async function rest(page, traffic) {
  for (;;) {
    await sleep(100);
    const { now, watched } = await page.evaluate(() => ({ now: performance.now(), watched: window.watched }));
    const lastTask = watched.tasks.reduce((end, task) => Math.max(end, task.startTime + task.duration), 0);
    const isQuiet = now - lastTask > REST && performance.now() - traffic.last > REST;
    if (watched.readable !== null && now - watched.readable > REST && isQuiet) return watched;
  }
}

function figures({ readable, tasks }, { began, files }) {
  const sum = (some) => some.reduce((total, [, bytes]) => total + bytes, 0);
  return {
    seconds: readable / 1000,
    bytes: sum(files),
    bytesToRead: sum(files.filter(([at]) => (at - began) * 1000 <= readable)),
    blocked: tasks.reduce((total, { duration }) => total + duration, 0) / 1000,
  };
}

async function weigh(devtools) {
  await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  const { nodes } = await devtools.send("Memory.getDOMCounters");
  return { heap: usedSize, nodes };
}

// Vestibule in front of its demo API with another API's document, and somebody who is signed in.

import { setTimeout as sleep } from "node:timers/promises";
import { start } from "../release.mjs";

/** Starts the release with these settings, and waits until it has read the document. `read` says how long that took. */
export async function vestibule(settings) {
  const began = performance.now();
  const server = await start({ settings });
  for (;;) {
    const { raw } = await server.exchange("/readyz");
    if (!raw.includes("not read yet")) break;
    await sleep(5);
  }
  const read = performance.now() - began;
  const [name, value] = (await server.signIn()).split("=");
  return { ...server, read, header: `${name}=${value}`, cookie: { name, value, url: server.origin } };
}

/** The address of an operation. */
export const link = ({ id }) => `/operations/${encodeURIComponent(id)}`;

/** Sends the operation that is open. */
export const send = (page) => page.getByRole("button", { name: "Send", exact: true }).click();

// A long answer, in our console and in two that peers' users know best, in turn.

import { readAnswer } from "./answer.mjs";
import { CONSOLES } from "./consoles.mjs";
import { OURS } from "./openings.mjs";
import { serve } from "./site.mjs";
import { OPERATION, startUpstream, WORDS } from "./upstream.mjs";
import { link, send, vestibule } from "./vestibule.mjs";

/** What was read in each console by its name, and how long the answer is. */
export async function compareAnswers(runs) {
  const upstream = await startUpstream();
  const consoles = CONSOLES.filter((console) => console.send);
  const site = await serve(consoles, [{ name: "Things", file: "things.json", text: upstream.text }]);
  const server = await vestibule({ API_BASE_URL: upstream.origin });
  const contenders = consoles.map(({ name, folder, link, send }) => ({
    name,
    address: `${site.origin}/${folder}/Things/${link(OPERATION)}`,
    send,
  }));
  contenders.push({ name: OURS, address: server.origin + link(OPERATION), cookie: server.cookie, send });

  const answers = new Map(contenders.map(({ name }) => [name, []]));
  for (let run = 1; run <= runs; run += 1) {
    for (const { name, ...what } of contenders) {
      const found = answers.get(name);
      if (found.includes(undefined)) continue;
      found.push(await readAnswer({ ...what, words: WORDS }));
      const told = found.at(-1) ? `${found.at(-1).seconds.toFixed(2)} s` : "never";
      console.log(`long answer, run ${run} of ${runs}, ${name}: ${told}`);
    }
  }
  server.stop();
  site.stop();
  upstream.stop();
  return { answers, size: upstream.size, count: upstream.count };
}

// One operation of a document, opened in every console in turn, again and again, so that all have the same machine.

import { CONSOLES } from "./consoles.mjs";
import { read } from "./documents.mjs";
import { open } from "./opening.mjs";
import { serveSentence } from "./sentence.mjs";
import { serve } from "./site.mjs";
import { link, vestibule } from "./vestibule.mjs";

export const OURS = "Vestibule";
/** What no console can beat. */
export const FLOORS = ["One sentence", "One sentence, as safe as Vestibule"];

/** The openings of each console by its name. One that is never there is not asked again. */
export async function compareOpenings(document, runs) {
  const { operation } = document;
  const site = await serve(CONSOLES, [{ ...document, text: read(document) }]);
  const server = await vestibule({ VESTIBULE_UPSTREAM__OPENAPI: document.file });
  const contenders = CONSOLES.map((console) => ({
    name: console.name,
    address: `${site.origin}/${console.folder}/${document.name}/${console.link(operation)}`,
  }));
  contenders.push({ name: OURS, address: server.origin + link(operation), cookie: server.cookie });
  const ours = await server.exchange(link(operation), { headers: { cookie: server.header, accept: "text/html" } });
  const sentences = [await serveSentence(operation.words), await serveSentence(operation.words, ours)];
  contenders.push(...sentences.map(({ address }, at) => ({ name: FLOORS[at], address })));

  const openings = new Map(contenders.map(({ name }) => [name, []]));
  for (let run = 1; run <= runs; run += 1) {
    for (const { name, ...what } of contenders) {
      const found = openings.get(name);
      if (found.includes(undefined)) continue;
      found.push(await open({ ...what, words: operation.words }));
      const told = found.at(-1) ? `${found.at(-1).seconds.toFixed(2)} s` : "never";
      console.log(`${document.name}, run ${run} of ${runs}, ${name}: ${told}`);
    }
  }
  server.stop();
  site.stop();
  sentences.forEach((sentence) => sentence.stop());
  return openings;
}

// A port of this machine that is free.

/** The origin at which `server` answers from now on. */
export async function listen(server) {
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${server.address().port}`;
}

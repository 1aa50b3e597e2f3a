// The operations of a document, and a document of five of them.

const METHODS = ["get", "post", "put", "patch", "delete"];

/** Short and long ones, to read and to write. */
const FIVE = ["issues/create", "repos/get", "pulls/list-files", "users/get-by-username", "actions/create-workflow-dispatch"];

export const operations = ({ paths }) =>
  Object.entries(paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => ({ method, path, id: item[method].operationId })),
  );

/** So many operations, from all over the document, that are shown without being sent: each has to be filled in. */
export function toOpen(document, count) {
  const shown = operations(document).filter(({ method, path }) => method !== "get" || path.includes("{"));
  return Array.from({ length: count }, (_, at) => shown[Math.floor((at * shown.length) / count)]);
}

/** A document of five operations, with all that they refer to and nothing else. */
export function fiveOperations(document) {
  const paths = {};
  for (const { method, path, id } of operations(document)) {
    if (FIVE.includes(id)) paths[path] = { ...paths[path], [method]: document.paths[path][method] };
  }
  const small = { ...document, paths, components: {} };
  for (const part of referred(document, paths)) {
    const [kind, name] = part;
    small.components[kind] = { ...small.components[kind], [name]: document.components[kind][name] };
  }
  return small;
}

/** `[kind, name]` of all components that these paths refer to, and those refer to in turn. */
function referred(document, paths) {
  const found = new Map();
  const look = (value) => {
    for (const [, kind, name] of JSON.stringify(value).matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)) {
      if (found.has(`${kind}/${name}`)) continue;
      found.set(`${kind}/${name}`, [kind, name]);
      look(document.components[kind][name]);
    }
  };
  look(paths);
  return found.values();
}

// The consoles that people use today: what each needs on its page, and its own link to an operation.

const encoded = (text) => encodeURIComponent(text);
const slug = ({ method, path }) => `${method}-${path.replace(/[\s#:?&={}]/g, "-")}`;

/** As JavaScript between script tags. */
const script = (value) => JSON.stringify(value).replaceAll("<", "\\u003c");

export const CONSOLES = [
  {
    name: "Swagger UI 5.35.0",
    folder: "swagger-ui-dist",
    page: (document) => `<link rel="stylesheet" href="/swagger-ui-dist/swagger-ui.css">
<div id="ui"></div><script src="/swagger-ui-dist/swagger-ui-bundle.js"></script>
<script>SwaggerUIBundle({ url: ${script(document)}, dom_id: "#ui", deepLinking: true })</script>`,
    // It cannot open an operation whose id has a slash: here it gets ids without.
    link: ({ tag = "default", id }) => `#/${encoded(tag)}/${encoded(id.replaceAll("/", "-"))}`,
    send: async (page) => {
      await page.getByRole("button", { name: "Try it out" }).click();
      await page.getByRole("button", { name: "Execute" }).click();
    },
    document: (text) => text.replace(/"operationId":\s*"[^"]*"/g, (id) => id.replaceAll("/", "-")),
  },
  {
    name: "Redoc 3.0.1",
    folder: "redoc",
    page: (document) => `<redoc spec-url="${document}"></redoc>
<script type="module" src="/redoc/bundles/redoc.standalone.js"></script>`,
    link: ({ tag, id }) => `#/${tag ?? "other"}/${id}`,
  },
  {
    name: "RapiDoc 9.3.8",
    folder: "rapidoc",
    page: (document) => `<script type="module" src="/rapidoc/dist/rapidoc-min.js"></script>
<rapi-doc spec-url="${document}" render-style="focused"></rapi-doc>`,
    link: (operation) => `#${slug(operation)}`,
  },
  {
    name: "openapi-explorer 2.4.820",
    folder: "openapi-explorer",
    page: (document) => `<script type="module" src="/openapi-explorer/dist/browser/openapi-explorer.min.js"></script>
<openapi-explorer spec-url="${document}"></openapi-explorer>`,
    link: (operation) => `#?route=${slug(operation)}`,
  },
  {
    name: "Elements 9.0.25",
    folder: "stoplight-elements",
    page: (document) => `<link rel="stylesheet" href="/stoplight-elements/styles.min.css">
<script src="/stoplight-elements/web-components.min.js"></script>
<elements-api apiDescriptionUrl="${document}" router="hash" layout="sidebar"></elements-api>`,
    link: ({ id }) => `#/operations/${id}`,
  },
  {
    name: "Scalar 1.72.1",
    folder: "scalar-api-reference",
    page: (document) => `<div id="app"></div><script src="/scalar-api-reference/dist/browser/standalone.js"></script>
<script>Scalar.createApiReference("#app", { url: ${script(document)}, telemetry: false, withDefaultFonts: false,
  agent: { disabled: true }, mcp: { disabled: true } })</script>`,
    link: ({ tag = "default", method, path }) =>
      `#tag/${tag.toLowerCase().replaceAll(" ", "-")}/${method.toUpperCase()}${path}`,
    send: async (page) => {
      await page.getByRole("button", { name: "Test Request" }).first().click();
      await page.locator("[data-addressbar-action=send]:visible").click();
    },
  },
];

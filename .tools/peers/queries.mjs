// What people type into the search of GitHub's API: names, fields, paths, whole sentences, typing errors, nonsense.

export const QUERIES = [
  "create issue", "list pull requests", "delete repository", "star", "unstar a repo", "workflow run logs",
  "add collaborator", "branch protection", "merge", "review comment", "gist", "webhook delivery", "deploy key",
  "release asset upload", "rate limit", "search code", "user emails", "org members", "team membership", "invitation",
  "code scanning alerts", "dependabot secrets", "secret scanning", "self-hosted runner", "artifact download",
  "check suite", "commit status", "git tree", "blob sha", "milestone due_on", "labels", "assignees", "reactions",
  "notifications mark as read", "pages build", "traffic views", "topics", "license", "codespaces machine type",
  "packages versions restore", "/repos/{owner}/{repo}/issues", "POST /orgs", "per_page", "installation access token",
  "isue comment", "colaborator permision", "brnach protetcion", "reposotory", "how do I close an issue", "xyzzy plugh",
  "the a of", "emoji 🎉", "e",
];

/** A query as it grows, letter by letter. */
export const typed = (query) => [...query].map((_, at, letters) => letters.slice(0, at + 1).join(""));

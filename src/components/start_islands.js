((code, wasm) => {
  const start = async () => {
    const fetched = fetch(wasm);
    const islands = await import(code);
    await islands.default({ module_or_path: fetched });
    window.startIslands = (part) => {
      for (const island of part.querySelectorAll("leptos-island")) islands[island.dataset.component](island);
    };
    islands.hydrate();
    window.startIslands(document.body);
  };
  if (document.hidden) start();
  else requestAnimationFrame(() => setTimeout(start));
})

// htmx comes from its public address. Where that is blocked, tampered with or silent, our own copy
// takes over, once. Every page works without either.
(() => {
  const PATIENCE = 1500;
  const fallback = document.currentScript.dataset.fallback;
  const remote = document.getElementById("htmx-cdn");
  let taken = false;

  const takeOver = () => {
    if (taken || window.htmx) return;
    taken = true;
    const local = document.createElement("script");
    local.src = fallback;
    document.head.append(local);
  };

  remote?.addEventListener("error", takeOver);
  setTimeout(takeOver, PATIENCE);
})();

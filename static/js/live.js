// What a page does by itself, and only to what the server sent: moves focus after a swap, says aloud
// what changed, follows the arrow keys through a meeting, prints. It keeps nothing.
import { wake } from "./init.js";

const KEYS = { ArrowRight: "next", PageDown: "next", ArrowLeft: "previous", PageUp: "previous" };
const WRITING = "input, textarea, select, [contenteditable], [role='textbox'], summary, [data-own-keys]";
const LOST = "The answer did not arrive. Nothing was lost from this page: wait a moment, then press the button again.";

function say(words) {
  const live = document.getElementById("live");
  if (live) live.textContent = words;
}

function among(nodes, selector) {
  for (const node of nodes) {
    if (!(node instanceof Element) || !node.isConnected) continue;
    const found = node.matches(selector) ? node : node.querySelector(selector);
    if (found) return found;
  }
  return null;
}

function arrived(nodes) {
  const parents = new Set(nodes.filter((node) => node instanceof Element).map((node) => node.parentElement));
  for (const parent of parents) if (parent?.isConnected) wake(parent);
  const focus = among(nodes, "[data-focus]");
  if (focus) {
    if (!focus.hasAttribute("tabindex")) focus.setAttribute("tabindex", "-1");
    focus.focus();
  }
  const words = among(nodes, "[data-announce]");
  if (words) say(words.dataset.announce || words.textContent.trim());
}

const main = document.getElementById("main-content");
if (main) {
  const watch = (changes) => arrived(changes.flatMap((change) => [...change.addedNodes]));
  new MutationObserver(watch).observe(main, { childList: true, subtree: true });
}

// A sentence flashed by the page before, or an error, is read first.
document.querySelector("#alerts [data-focus], .govuk-error-summary[data-focus]")?.focus();

document.addEventListener("keydown", (event) => {
  const way = KEYS[event.key];
  if (!way || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (event.target.closest?.(WRITING)) return;
  const link = document.querySelector(way === "next" ? "[data-key-next]" : "[data-key-prev]");
  if (!link) return;
  event.preventDefault();
  link.click();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// The server's own events, sent in HX-Trigger.
document.addEventListener("saved", (event) => {
  const form = event.target.closest?.("form[data-empty-when-saved]");
  form?.querySelectorAll("input:not([type=hidden]), textarea").forEach((box) => { box.value = ""; });
  say(event.detail?.value ?? "Saved");
});
document.addEventListener("refused", (event) => say(event.detail?.value ?? "Not saved"));

// No answer at all: the page keeps what was typed and says so. Named once for each version of htmx.
for (const name of ["htmx:error", "htmx:sendError"]) {
  document.addEventListener(name, () => {
    const alerts = document.getElementById("alerts");
    if (!alerts || alerts.querySelector("[data-lost]")) return;
    const note = document.createElement("p");
    note.className = "psg-lost";
    note.dataset.lost = "";
    note.dataset.focus = "";
    note.setAttribute("role", "alert");
    note.textContent = LOST;
    alerts.prepend(note);
  });
}

// Filters stand open; on a narrow screen they start folded, so that the list comes first.
if (window.matchMedia("(max-width: 40rem)").matches) {
  document.querySelectorAll("details[data-filter]").forEach((panel) => { panel.open = false; });
}

// Keeps what somebody types as a draft on the server, five seconds after they pause and when they leave a
// box. Nothing is kept in the browser. What could not be kept says so, and is tried again.
const PAUSE = 5000;
const LEAVING = 300;
const AGAIN = 10000;
const LONGEST = 60000; // somebody who types without a pause is saved this often
const drafts = new Map();

const isDraft = (form) => form?.closest("main") && form.method === "post" && form.elements.request_key
  && !form.matches("[role=search]") && !form.querySelector("[type=password]");

export const token = () => document.querySelector("[name=csrf_token]")?.value ?? "";

export const unsaved = () => [...drafts].filter(([form, draft]) => draft.dirty && form.isConnected);

function draftOf(form) {
  if (!drafts.has(form)) drafts.set(form, { dirty: false, edits: 0, since: 0, timer: 0, note: null, sending: null });
  return drafts.get(form);
}

function body(form) {
  const typed = {};
  for (const [name, value] of new FormData(form)) if (typeof value === "string") (typed[name] ??= []).push(value);
  const sentTo = new URL(form.getAttribute("action") || location.href, location.href);
  return JSON.stringify({ path: sentTo.pathname + sentTo.search, page: location.pathname + location.search, typed });
}

function tell(form, draft, words, isLost) {
  if (!draft.note) {
    draft.note = document.createElement("p");
    form.append(draft.note);
    if (!isLost) draft.note.setAttribute("role", "status");
  }
  if (isLost) draft.note.setAttribute("role", "alert");
  draft.note.className = isLost ? "psg-draft psg-draft--lost" : "psg-draft";
  draft.note.textContent = words;
  if (!isLost) draft.note.removeAttribute("role"); // said once, then only seen
}

function later(form, draft, wait) {
  clearTimeout(draft.timer);
  draft.timer = setTimeout(() => save(form), wait);
}

export async function save(form, { leaving = false } = {}) {
  const draft = draftOf(form);
  if (!draft.dirty || !form.isConnected) return;
  const edits = draft.edits;
  draft.sending?.abort();
  draft.sending = new AbortController();
  try {
    const answer = await fetch("/drafts", {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
      body: body(form),
      keepalive: leaving,
      signal: leaving ? undefined : draft.sending.signal,
    });
    if (!answer.ok) throw new Error(answer.status);
    const kept = await answer.json();
    if (draft.edits === edits) [draft.dirty, draft.since] = [false, 0];
    if (kept.kept_at) tell(form, draft, `Saved as a draft ${kept.kept_at}`, false);
    document.dispatchEvent(new CustomEvent("psg:answered", { detail: kept }));
  } catch (problem) {
    if (problem.name === "AbortError") return;
    tell(form, draft, "Not saved: no connection. What you typed is still on this page.", true);
    later(form, draft, AGAIN);
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!isDraft(form)) return;
  const draft = draftOf(form);
  draft.dirty = true;
  draft.edits += 1;
  draft.since ||= Date.now();
  later(form, draft, Date.now() - draft.since > LONGEST ? 0 : PAUSE);
});

document.addEventListener("focusout", (event) => {
  const form = event.target.form;
  if (form && drafts.get(form)?.dirty) later(form, drafts.get(form), LEAVING);
});

// The form itself is on its way: a draft that arrived after it would be offered back although it is saved.
document.addEventListener("submit", (event) => {
  const draft = drafts.get(event.target);
  if (!draft) return;
  clearTimeout(draft.timer);
  draft.sending?.abort();
  draft.dirty = false;
});

for (const name of ["htmx:error", "htmx:sendError"]) {
  document.addEventListener(name, () => {
    for (const [form, draft] of drafts) {
      if (!form.isConnected || !draft.edits) continue;
      draft.dirty = true;
      later(form, draft, AGAIN);
    }
  });
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") for (const [form] of unsaved()) save(form, { leaving: true });
});

// Warns before the screen locks, and locks it. Only the server knows how long is left; asking it is no
// sign of life, while typing is one. Words that the server does not have yet are never navigated away from.
import { save, token, unsaved } from "./words.js";

const dialog = document.getElementById("staying");
const WARNED = Number(dialog?.dataset.warned);
const FIRST = Number(dialog?.dataset.first);
const OFTEN = 15;
const TYPING = 60000;
let timer = 0;
let heard = Date.now(); // when the server last knew that somebody is here

const JSON_ONLY = { Accept: "application/json" };

function wait(seconds) {
  clearTimeout(timer);
  timer = setTimeout(check, seconds * 1000);
}

async function left() {
  try {
    const answer = await fetch("/sessions/left", { headers: JSON_ONLY });
    if (answer.status === 401) return 0;
    return answer.ok ? (await answer.json()).left : null;
  } catch {
    return null;
  }
}

async function check() {
  const seconds = await left();
  if (seconds === null) return wait(OFTEN * 2);
  if (seconds <= 0) return lock();
  if (seconds > WARNED) {
    dialog.close();
    return wait(seconds - WARNED);
  }
  dialog.querySelector("[data-when]").textContent =
    seconds > 90 ? "in 2 minutes" : seconds > 45 ? "in 1 minute" : `in ${seconds} seconds`;
  if (!dialog.open) dialog.showModal();
  return wait(Math.min(seconds + 1, OFTEN));
}

async function stay() {
  dialog.close();
  heard = Date.now();
  try {
    const answer = await fetch("/sessions/stay", { method: "POST", headers: { ...JSON_ONLY, "X-CSRFToken": token() } });
    if (answer.ok) return wait((await answer.json()).left - WARNED);
  } catch { /* asked again below */ }
  return check();
}

async function lock() {
  await Promise.all(unsaved().map(([form]) => save(form)));
  if (unsaved().length) {
    dialog.classList.add("psg-staying--locked");
    if (!dialog.open) dialog.showModal();
    return wait(OFTEN);
  }
  return location.replace(location.pathname + location.search);
}

if (dialog) {
  wait(FIRST);
  dialog.querySelector("[data-stay]").addEventListener("click", stay);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (!dialog.classList.contains("psg-staying--locked")) stay();
  });
  document.addEventListener("input", () => {
    if (Date.now() - heard > TYPING) stay();
  });
  document.addEventListener("psg:answered", (event) => {
    heard = Date.now();
    if (!event.detail.open) lock();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && Date.now() - heard > TYPING) check();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) check();
  });
}

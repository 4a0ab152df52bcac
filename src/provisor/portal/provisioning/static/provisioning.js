// Keeps the status card up to date as the job goes on; the page works without it, by being loaded again.

import { localise } from "./look.js";

const card = document.querySelector("[data-events]");
const live = document.querySelector("[data-live]");
const said = document.querySelector("[data-said]");
let source = null;

/** Puts a new part into the page; who had the focus in it has it again. */
function put(id, part) {
  const place = document.getElementById(id);
  const focused = place.contains(document.activeElement) ? document.activeElement.id : null;
  const open = [...place.querySelectorAll("details")].map((details) => details.open);
  const page = new DOMParser().parseFromString(part, "text/html");
  place.replaceChildren(...page.body.childNodes);
  for (const [number, details] of place.querySelectorAll("details").entries()) details.open = open[number] ?? false;
  localise(place);
  if (focused) document.getElementById(focused)?.focus();
}

/** Tells who does not see the badges when they become others. */
function say() {
  const words = [...document.querySelectorAll("#status-now .badge")].map((badge) => badge.textContent.trim()).join(", ");
  if (said.dataset.said !== words) {
    if (said.dataset.said) said.textContent = words;
    said.dataset.said = words;
  }
}

function show(isOn) {
  live.classList.toggle("on", isOn);
  live.textContent = isOn ? live.dataset.on : live.dataset.off;
}

function start() {
  source = new EventSource(card.dataset.events);
  source.addEventListener("open", () => show(true));
  source.addEventListener("error", () => show(false));
  source.addEventListener("status", (event) => {
    for (const [id, part] of Object.entries(JSON.parse(event.data))) put(id, part);
    say();
  });
}

if (card) {
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => event.persisted && start());
  start();
}

document.addEventListener("submit", (event) => {
  const busy = event.submitter?.dataset.busy;
  if (busy) event.submitter.textContent = busy;
});

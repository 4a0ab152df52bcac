// Shows new requests at the top of the log as they are written, until it is paused.

import { localise } from "./look.js";

const MOST_ROWS = 500;
const table = document.querySelector("table[data-live]");
const state = document.querySelector("[data-live-state]");
const button = document.querySelector("[data-live-switch]");
let source = null;
let last = null;

function add(event) {
  last = event.lastEventId;
  const page = new DOMParser().parseFromString(`<table><tbody>${event.data}</tbody></table>`, "text/html");
  const row = document.adoptNode(page.querySelector("tr"));
  localise(row);
  const body = table.tBodies[0];
  body.prepend(row);
  while (body.rows.length > MOST_ROWS) body.lastElementChild.remove();
  document.querySelector("[data-empty]")?.remove();
}

function show(isOn) {
  state.classList.toggle("on", isOn);
  state.textContent = isOn ? state.dataset.liveOn : state.dataset.liveState;
  button.textContent = source ? button.dataset.pause : button.dataset.goOn;
}

function start() {
  const address = new URL(table.dataset.live, location);
  if (last) address.searchParams.set("after", last);
  source = new EventSource(address);
  source.addEventListener("open", () => show(true));
  source.addEventListener("error", () => show(false));
  source.addEventListener("entry", add);
  show(false);
}

function stop() {
  source.close();
  source = null;
  show(false);
}

if (table && button) {
  button.addEventListener("click", () => (source ? stop() : start()));
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => event.persisted && source && start());
  start();
}

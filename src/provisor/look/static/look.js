// Improves pages that work without it: copying, confirmations in a dialog, moments in the reader's time zone.

const root = document.documentElement;
const language = root.lang;
root.classList.add("has-script");

const zoned = {
  moment: new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" }),
  clock: new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
};

/** Writes the moments below an element in the reader's time zone. */
export function localise(element) {
  for (const time of element.querySelectorAll("time[datetime]")) {
    const moment = new Date(time.dateTime);
    const format = zoned[time.dataset.kind];
    if (format) time.textContent = format.format(moment);
    time.title = zoned.moment.format(moment);
  }
}

/** Says a few words at the edge of the page for a moment. */
function toast(text) {
  document.querySelector(".toast")?.remove();
  const note = document.createElement("div");
  note.className = "toast";
  note.setAttribute("role", "status");
  note.textContent = text;
  (document.querySelector("dialog[open]") ?? document.body).append(note);
  setTimeout(() => note.remove(), 2500);
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    const value = button.parentElement.querySelector(".value");
    getSelection().selectAllChildren(value);
    document.execCommand("copy");
  }
  toast(document.body.dataset.copied);
}

/** Shows the confirmation that stands behind a link in a dialog; the link itself is followed where that fails. */
async function confirmInDialog(link) {
  try {
    const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const part = page.querySelector("#confirmation");
    if (!answer.ok || !part) throw new Error("no confirmation there");
    const dialog = document.createElement("dialog");
    dialog.setAttribute("aria-labelledby", "confirmation-title");
    dialog.append(document.adoptNode(part));
    dialog.addEventListener("close", () => dialog.remove());
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-dismiss]")) {
        event.preventDefault();
        dialog.close();
      }
    });
    document.body.append(dialog);
    localise(dialog);
    dialog.showModal();
  } catch {
    location.assign(link.href);
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
  const link = event.target.closest("a[data-confirm]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    confirmInDialog(link);
  }
});

document.addEventListener("submit", (event) => {
  // A second press while the first is on its way would do it twice.
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

localise(document);

// Searches while somebody types; who is ticked stays in the list.

const form = document.getElementById("search-people");
const list = document.getElementById("found");
const field = form.elements.search;
let asked = 0;

function entry(found) {
  const item = document.createElement("li");
  const label = document.createElement("label");
  const box = document.createElement("input");
  Object.assign(box, { type: "checkbox", name: "principal", value: found.id });
  const text = document.createElement("span");
  const small = document.createElement("small");
  small.className = "muted";
  const kind = found.kind === "User" ? list.dataset.user : list.dataset.group;
  small.textContent = found.detail ? `${kind} · ${found.detail}` : kind;
  text.append(`${found.name} `, small);
  label.append(box, " ", text);
  item.append(label);
  return item;
}

async function search() {
  const mine = ++asked;
  const answer = await fetch(`${form.dataset.found}?search=${encodeURIComponent(field.value)}`);
  if (!answer.ok || mine !== asked) return;
  const ticked = [...list.querySelectorAll("li")].filter((item) => item.querySelector("input:checked"));
  const kept = new Set(ticked.map((item) => item.querySelector("input").value));
  const rows = (await answer.json()).filter((row) => !kept.has(row.id)).map(entry);
  if (mine === asked) list.replaceChildren(...ticked, ...rows);
}

let waiting;
field.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(search, 150);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});

// The editor of an attribute mapping: checks while somebody types, proposes functions and attributes, tries on people.
// Also fills a text area from a chosen file. Every page works without it.

const form = document.getElementById("mapping");
if (form) edit();

// The effect takes seconds where many thousands of people are looked at: say so until its page is there.
function say(element) {
  element.dataset.said = element.innerHTML;
  element.textContent = element.dataset.slow;
  element.setAttribute("aria-busy", "true");
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-slow]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) say(link);
});
document.addEventListener("submit", (event) => {
  if (event.submitter?.dataset.slow && !event.defaultPrevented) say(event.submitter);
});
addEventListener("pageshow", () => {
  for (const element of document.querySelectorAll("[data-said]")) {
    element.innerHTML = element.dataset.said; // what stood there before
    element.removeAttribute("aria-busy");
    delete element.dataset.said;
  }
});

for (const file of document.querySelectorAll("input[type=file][data-into]")) {
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (chosen) document.getElementById(file.dataset.into).value = await chosen.text();
  });
}

function edit() {
  const outcome = document.getElementById("outcome");
  const expression = document.getElementById("expression");
  let asked = 0;
  let waiting;

  async function tell(person) {
    const mine = ++asked;
    const fields = new URLSearchParams(new FormData(form));
    if (person !== undefined) {
      fields.delete("person");
      if (person) fields.set("person", person);
    }
    const answer = await fetch(form.dataset.outcome, { method: "POST", body: fields });
    if (!answer.ok || mine !== asked) return;
    outcome.innerHTML = await answer.text(); // our own template, which escapes
    remember(person);
    expression.setAttribute("aria-invalid", String(Boolean(outcome.querySelector("[data-line]"))));
  }

  /** Keeps who was chosen, so that they are tried again with every change. */
  function remember(person) {
    if (person === undefined) return;
    form.querySelector("input[name=person]")?.remove();
    if (!person) return;
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: "person", value: person });
    form.append(field);
  }

  function soon(person) {
    clearTimeout(waiting);
    waiting = setTimeout(() => tell(person), 250);
  }

  form.addEventListener("input", (event) => soon(event.target.name === "search" ? "" : undefined));
  form.addEventListener("change", (event) => {
    if (event.target.name !== "search") soon();
  });
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button || button.value === "keep") return;
    event.preventDefault();
    event.stopPropagation(); // it is not sent, so another press is no second one
    tell(button.name === "person" ? button.value : undefined);
  });
  outcome.addEventListener("click", (event) => {
    const place = event.target.closest("[data-line]");
    if (place) goTo(expression, Number(place.dataset.line), Number(place.dataset.column));
  });
  propose(expression, soon);
}

/** Puts the caret at a line and column; columns count code points. */
function goTo(area, line, column) {
  const text = area.value;
  let start = text.length - text.trimStart().length;
  for (let left = line - 1; left > 0; left -= 1) start = text.indexOf("\n", start) + 1;
  const before = [...text.slice(start)].slice(0, column - 1).join("");
  area.focus();
  area.setSelectionRange(start + before.length, start + before.length + 1);
}

/** Proposes functions, and attributes behind an opening bracket, below the text that is typed. */
function propose(area, changed) {
  const list = document.getElementById("proposals");
  const usage = document.getElementById("usage");
  const functions = [...document.querySelectorAll("#functions option")];
  const attributes = [...document.querySelectorAll("#sources option")];
  let found = [];
  let chosen = 0;

  area.setAttribute("role", "combobox");
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);
  area.setAttribute("aria-expanded", "false");

  /** What stands before the caret, unless it is inside a text: a name of a function or the beginning of one. */
  function typed() {
    const before = area.value.slice(0, area.selectionStart);
    if ((before.replaceAll('\\"', "").match(/"/g) ?? []).length % 2) return null;
    const attribute = /\[([^\][]*)$/.exec(before);
    if (attribute) return { word: attribute[1], from: attributes, kind: "attribute" };
    const word = /[A-Za-z]+$/.exec(before);
    return word && { word: word[0], from: functions, kind: "function" };
  }

  function close() {
    found = [];
    list.hidden = true;
    area.setAttribute("aria-expanded", "false");
    area.removeAttribute("aria-activedescendant");
  }

  function show() {
    const at = typed();
    showUsage();
    const wanted = at?.word.toLowerCase() ?? "";
    const fits = (option) => option.value.toLowerCase().includes(wanted) && option.value !== at.word;
    const begins = (option) => option.value.toLowerCase().startsWith(wanted);
    found = at && (wanted || at.kind === "attribute") ? at.from.filter(fits) : [];
    found = [...found.filter(begins), ...found.filter((option) => !begins(option))].slice(0, 8);
    if (!found.length) return close();
    chosen = 0;
    list.replaceChildren(...found.map((option, index) => entry(option, index, at.kind)));
    list.hidden = false;
    area.setAttribute("aria-expanded", "true");
    mark();
  }

  function entry(option, index, kind) {
    const item = document.createElement("li");
    item.id = `proposal-${index}`;
    item.setAttribute("role", "option");
    const name = document.createElement("code");
    name.textContent = kind === "function" ? option.dataset.usage : option.value;
    item.append(name);
    if (option.dataset.meaning) {
      const meaning = document.createElement("span");
      meaning.textContent = option.dataset.meaning;
      item.append(meaning);
    }
    item.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      take(index);
    });
    return item;
  }

  function mark() {
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === chosen)));
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", `proposal-${chosen}`);
  }

  function take(index) {
    const at = typed();
    const option = found[index];
    if (!at || !option) return close();
    const after = area.value.slice(area.selectionEnd);
    const isAttribute = at.kind === "attribute";
    const closing = isAttribute ? "]" : "(";
    const ending = after.startsWith(closing) ? "" : isAttribute ? "]" : "()";
    const start = area.selectionStart - at.word.length;
    area.setRangeText(option.value + ending, start, area.selectionStart, "end");
    if (ending === "()") area.selectionStart = area.selectionEnd -= 1;
    else if (!ending) area.selectionStart = area.selectionEnd += 1;
    close();
    showUsage();
    changed();
  }

  /** Shows how the function around the caret is called. */
  function showUsage() {
    const before = area.value.slice(0, area.selectionStart).replace(/"(?:\\.|[^"\\])*"/g, "");
    let depth = 0;
    let name = "";
    for (let place = before.length - 1; place >= 0 && !name; place -= 1) {
      if (before[place] === ")") depth += 1;
      else if (before[place] === "(" && depth-- === 0) name = /[A-Za-z0-9]+$/.exec(before.slice(0, place))?.[0] ?? "";
    }
    const option = name && functions.find((each) => each.value === name);
    usage.hidden = !option;
    usage.textContent = option ? option.dataset.usage : "";
  }

  area.addEventListener("input", show);
  area.addEventListener("click", showUsage);
  area.addEventListener("blur", close);
  area.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      chosen = (chosen + step + found.length) % found.length;
      mark();
    } else if (event.key === "Enter" || event.key === "Tab") take(chosen);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
}

// What is being written is kept in this browser until it is stored by the desk.
const saved = document.getElementById("saved");
let timer = 0;
let pending = null;

const keyOf = (form) => `draft:${form.dataset.draft}`;
const fields = (form) =>
  [...form.elements].filter((field) => field.name && field.type !== "hidden" && field.type !== "submit");

function save(form) {
  pending = null;
  const values = {};
  for (const field of fields(form)) {
    if (field.type === "radio") {
      if (field.checked) values[field.name] = field.value;
    } else values[field.name] = field.value;
  }
  sessionStorage.setItem(keyOf(form), JSON.stringify(values));
  const now = new Date();
  const time = `${String(now.getHours()).padStart(2, "0")}:${String(now.getMinutes()).padStart(2, "0")}`;
  if (saved) saved.textContent = `Your text is safe in this browser, ${time}`;
}

function restore(form) {
  // Once a form: what is typed after that is newer than what is kept.
  if (form.dataset.restored) return;
  form.dataset.restored = "true";
  const text = sessionStorage.getItem(keyOf(form));
  if (!text) return;
  const values = JSON.parse(text);
  let changed = false;
  for (const field of fields(form)) {
    const value = values[field.name];
    if (value === undefined) continue;
    if (field.type === "radio") {
      if (field.value === value && !field.checked) changed = field.checked = true;
    } else if (field.value !== value) {
      field.value = value;
      changed = true;
    }
  }
  if (changed) form.dispatchEvent(new Event("change", { bubbles: true }));
}

const restoreAll = () => document.querySelectorAll("form[data-draft]").forEach(restore);

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (!form) return;
  clearTimeout(timer);
  pending = form;
  timer = setTimeout(() => save(form), 300);
});
// A page that is left in the middle of a word has that word kept, too.
addEventListener("pagehide", () => pending?.isConnected && save(pending));
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (form) save(form);
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (!form.dataset?.draft || !event.detail.successful) return;
  clearTimeout(timer);
  pending = null;
  sessionStorage.removeItem(keyOf(form));
  if (saved) saved.textContent = "";
});
document.addEventListener("htmx:afterSettle", restoreAll);

for (const kind of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(kind, () => {
    const banner = document.createElement("div");
    banner.className = "banner";
    banner.dataset.state = "bad";
    banner.textContent = "Not saved. The server doesn’t answer. Your text is safe in this browser; keep this tab open.";
    document.getElementById("errors").replaceChildren(banner);
  });
}
restoreAll();

// What is being written is kept: at once in this browser, and 1.5 s after the last key on the desk. The browser
// forgets it only when the desk has answered.
const WAIT = 1500;
const AGAIN = 5000;
const PATIENCE = 15000; // a save that hangs longer has failed
const fields = new Map(); // the slot of a field that waits to be sent -> its timer
const leaving = new Map(); // a form that is being sent -> its slots
const left = new Set(); // the slots of such forms
const sending = new Map(); // slot -> the save that is under way

// The sentences of this script, in the reader's language: `_partials/said.html` holds them.
const said = (name) => document.getElementById("said")?.getAttribute(`data-said-${name}`) ?? "";

const card = () => document.getElementById("claim");
const isKept = (field) => field.name && !["hidden", "submit", "button", "file"].includes(field.type);
const slotOf = (form, name) => `draft:${document.body.dataset.user}:${card()?.dataset.claimId}:${form.dataset.draft}:${name}`;
const parts = (slot) => {
  const [, , claim, form, field] = slot.split(":");
  return { claim, form, field };
};
const stored = () => JSON.parse(document.getElementById("drafts")?.dataset.drafts || "{}");
const seen = new Map(); // slot -> version of the desk that this window started from
// What the desk last took from this window, by slot. It outlives a reload: a page may be drawn before the desk took
// what the page before it sent, and then shows neither. After a minute the desk knows best.
const MINUTE = 60_000;
const kept = {
  get(slot) {
    const one = JSON.parse(sessionStorage.getItem(slot) || "null");
    return one && Date.now() - one.at < MINUTE ? one : undefined;
  },
  set: (slot, one) => sessionStorage.setItem(slot, JSON.stringify({ ...one, at: Date.now() })),
  delete: (slot) => sessionStorage.removeItem(slot),
};

const post = (url, values, keepalive = false) =>
  fetch(url, {
    method: "POST",
    body: new URLSearchParams(values),
    headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" },
    keepalive,
    signal: keepalive ? undefined : AbortSignal.timeout(PATIENCE),
  });

function show(words) {
  for (const id of ["saved", "draft-saved"]) {
    const place = document.getElementById(id);
    if (place) place.textContent = words;
  }
}

function clock(text) {
  const at = new Date(text);
  return `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;
}

// A field by its label, as the page says it.
const nameOf = (form, name) => {
  const field = form.elements[name];
  return (field?.labels?.[0]?.firstChild?.textContent ?? name).trim();
};

function valueOf(form, name) {
  const field = form.elements[name];
  if (field?.type === "checkbox") return field.checked ? field.value : "";
  return field?.value; // of a RadioNodeList: that of the chosen one
}

function put(form, name, text) {
  const field = form.elements[name];
  if (!field || valueOf(form, name) === text) return false;
  if (field.type === "checkbox") field.checked = text !== "";
  else field.value = text;
  return true;
}

function keep(form, name) {
  const slot = slotOf(form, name);
  localStorage.setItem(slot, JSON.stringify({ text: valueOf(form, name), seen: seen.get(slot) ?? 0 }));
  clearTimeout(fields.get(slot));
  fields.set(slot, setTimeout(() => send(slot), WAIT));
  show("");
}

function send(slot, keepalive = false) {
  clearTimeout(fields.get(slot));
  const held = JSON.parse(localStorage.getItem(slot) || "null");
  if (!held || sending.has(slot) || left.has(slot)) return;
  sending.set(slot, deliver(slot, held, keepalive));
}

async function deliver(slot, held, keepalive) {
  const { claim, form, field } = parts(slot);
  let answer = null;
  let desk = null;
  try {
    answer = await post(`/claims/${claim}/draft/`, { form, field, text: held.text, seen: held.seen }, keepalive);
    if (answer.ok || answer.status === 409) desk = await answer.json();
  } catch {
    answer = null;
  }
  // In one go from here: a send between the two would tell the desk of the version before this one.
  sending.delete(slot);
  settle(slot, held, answer, desk);
}

function settle(slot, held, answer, desk) {
  if (answer?.ok) saved(slot, held, desk);
  else if (answer?.status === 409) conflict(slot, held, desk);
  else if (answer?.status === 401) signIn().then(() => send(slot));
  else {
    unsaved();
    fields.set(slot, setTimeout(() => send(slot), AGAIN));
  }
}

function saved(slot, held, desk) {
  document.getElementById("not-saved")?.remove();
  seen.set(slot, desk.version);
  kept.set(slot, { text: held.text, version: desk.version });
  const now = JSON.parse(localStorage.getItem(slot) || "null");
  if (!now) return;
  if (now.text === held.text) {
    localStorage.removeItem(slot);
    fields.delete(slot);
    show(`${said("draft-saved")} ${clock(desk.saved_at)}`);
  } else {
    localStorage.setItem(slot, JSON.stringify({ text: now.text, seen: desk.version }));
    fields.set(slot, setTimeout(() => send(slot), WAIT));
  }
}

function unsaved() {
  if (document.getElementById("not-saved")) return;
  const banner = document.createElement("div");
  banner.className = "banner";
  banner.id = "not-saved";
  banner.dataset.state = "bad";
  banner.textContent = `${said("not-saved")} ${clock(new Date())}. ${said("safe")}`;
  document.getElementById("errors").replaceChildren(banner);
}

// Two windows wrote the same field: both texts side by side, mine chosen; nothing is sent until the person says so.
function conflict(slot, held, other) {
  const { form: name, field } = parts(slot);
  const form = document.querySelector(`form[data-draft="${name}"]`);
  const template = document.getElementById("conflict-template");
  if (!form || !template) return;
  document.getElementById(`conflict-${field}`)?.remove();
  const box = template.content.firstElementChild.cloneNode(true);
  box.id = `conflict-${field}`;
  box.querySelector("[data-name]").textContent = nameOf(form, field);
  box.querySelector("[data-mine]").textContent = held.text;
  box.querySelector("[data-other]").textContent = other.text;
  for (const radio of box.querySelectorAll("input")) radio.name = `choice-${field}`;
  box.querySelector("button").addEventListener("click", () => {
    const mine = box.querySelector("input[value=mine]").checked;
    seen.set(slot, other.version);
    if (mine) {
      keep(form, field);
      send(slot);
    } else {
      localStorage.removeItem(slot);
      put(form, field, other.text);
      show(`${said("draft-saved")} ${clock(other.saved_at)}`);
    }
    box.remove();
  });
  form.prepend(box);
  box.querySelector("input").focus();
}

// A card may have been drawn before the desk took what this window sent meanwhile: then what was sent is newer.
const newer = (drawn, sent) => (sent && sent.version > (drawn?.version ?? 0) ? sent : drawn);

// The desk's text first, then what only this browser has: that is newer, and is sent now.
function restore(form) {
  if (form.dataset.restored) return;
  form.dataset.restored = "true";
  const drafts = stored()[form.dataset.draft] || {};
  let changed = false;
  const names = new Set([...form.elements].filter(isKept).map((field) => field.name));
  for (const name of names) {
    const slot = slotOf(form, name);
    const desk = newer(drafts[name], kept.get(slot));
    seen.set(slot, desk?.version ?? 0);
    if (desk) changed = put(form, name, desk.text) || changed;
    const local = JSON.parse(localStorage.getItem(slot) || "null");
    if (!local) continue;
    changed = put(form, name, local.text) || changed;
    send(slot);
  }
  if (!changed) return;
  for (let box = form.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

const restoreAll = () => document.querySelectorAll("form[data-draft]").forEach(restore);

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    const form = event.target.closest?.("form[data-draft]");
    if (form && event.target !== form && isKept(event.target) && !event.target.name.startsWith("choice-")) {
      keep(form, event.target.name);
    }
  });
}
document.addEventListener("focusout", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (form && isKept(event.target)) send(slotOf(form, event.target.name));
});
addEventListener("pagehide", () => {
  for (const slot of fields.keys()) send(slot, true);
});

// A form that is sent needs no draft: nothing of it may arrive behind it. A save that is under way would, and bring the
// draft back, so the form waits for it; and none begins until the form is answered.
document.addEventListener("htmx:confirm", (event) => {
  const form = event.detail.elt;
  const underWay = () => slotsOf(form).map((slot) => sending.get(slot)).filter(Boolean);
  if (!form.dataset?.draft || !underWay().length) return;
  event.preventDefault();
  const go = () =>
    underWay().length ? Promise.allSettled(underWay()).then(go) : event.detail.issueRequest(!event.detail.question);
  go();
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.detail.elt;
  if (!form.dataset?.draft) return;
  leaving.set(form, slotsOf(form));
  for (const slot of leaving.get(form)) {
    clearTimeout(fields.get(slot));
    left.add(slot);
  }
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  for (const slot of leaving.get(form) ?? []) {
    left.delete(slot);
    if (event.detail.successful) {
      fields.delete(slot);
      kept.delete(slot);
      localStorage.removeItem(slot);
    } else if (localStorage.getItem(slot)) fields.set(slot, setTimeout(() => send(slot), WAIT));
  }
  if (leaving.delete(form) && event.detail.successful) show("");
});
const slotsOf = (form) => [...form.elements].filter(isKept).map((field) => slotOf(form, field.name));

document.addEventListener("htmx:afterSettle", restoreAll);
// The checklist that came with a piece of evidence was made from drafts; what stands in the form may be newer.
document.addEventListener("htmx:oobAfterSwap", (event) => {
  const pending = fields.size || sending.size;
  if (pending && event.detail.target?.id === "gates") {
    document.getElementById("verdict-form")?.dispatchEvent(new Event("change", { bubbles: true }));
  }
});
for (const kind of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(kind, unsaved);
// Not before htmx listens: what comes back from this browser may fulfil the checklist.
document.addEventListener("DOMContentLoaded", restoreAll);

// The first key typed into the verdict takes the claim for this window; typing on renews it.
const BEAT = 30000;
let sent = 0;

const claim = () => document.getElementById("claim")?.dataset.claimId;

async function beat() {
  sent = Date.now();
  let answer = null;
  try {
    answer = await post(`/claims/${claim()}/lease/`, { act: "type" });
  } catch {
    sent = 0; // the draft says that the server does not answer; the next key tries again
    return;
  }
  if (answer.status === 423 || answer.status === 403) lock();
}

// Somebody else is at it: what was typed stays where it is, and the line above says who.
function lock() {
  const form = document.querySelector("form[data-leased]");
  if (!form) return;
  for (const field of form.elements) {
    if ("readOnly" in field) field.readOnly = true;
    if (field.type === "radio" && !field.checked) field.disabled = true;
  }
  const line = document.getElementById("presence");
  if (line) htmx.ajax("GET", line.getAttribute("hx-get"), { target: line, swap: "outerHTML" });
}

document.addEventListener("input", (event) => {
  if (event.target.closest?.("form[data-leased]") && Date.now() - sent > BEAT) beat();
});
addEventListener("pagehide", () => {
  if (sent && claim()) post(`/claims/${claim()}/lease/`, { act: "leave" }, true);
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === "claim") sent = 0;
});
document.addEventListener("htmx:afterSettle", () => {
  if (document.querySelector("#presence[data-elsewhere]")) lockIfNew();
});

function lockIfNew() {
  for (const field of document.querySelectorAll("form[data-leased] :is(input, textarea)")) {
    if ("readOnly" in field) field.readOnly = true;
  }
}
if (document.querySelector("#presence[data-elsewhere]")) lockIfNew();

// Signed out in the middle of the work: sign in over the page, so that nothing on it is lost.
const dialog = document.getElementById("sign-in");
const signingIn = [];

const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";

// Asks for the password once; resolves when the person is signed in again.
function signIn() {
  return new Promise((resolve) => {
    signingIn.push(resolve);
    if (!dialog.open) dialog.showModal();
  });
}

function renew(page) {
  document.body.setAttribute("hx-headers", page.body.getAttribute("hx-headers"));
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token();
}

dialog?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const body = new URLSearchParams(new FormData(form));
  body.set("csrfmiddlewaretoken", token());
  body.set("next", location.pathname + location.search);
  const answer = await fetch(form.action, { method: "POST", body });
  if (!answer.redirected) {
    document.getElementById("sign-in-error").hidden = false;
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  // Somebody else's page is not this one: what was typed here stays the first person's.
  if (page.body.dataset.user !== document.body.dataset.user) {
    location.reload();
    return;
  }
  renew(page);
  form.reset();
  dialog.close();
  document.getElementById("errors").replaceChildren();
  for (const resolve of signingIn.splice(0)) resolve();
});

document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401) signIn();
});

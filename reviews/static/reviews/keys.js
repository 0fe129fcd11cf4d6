// Single keys outside text fields. The table comes from the server (keys.py); here is what each verb does.
import { reveal, select } from "./card.js";

const table = JSON.parse(document.getElementById("keys")?.textContent || "{}");
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const page = document.body.dataset.page;
// The sentences of this script, in the reader's language: `_partials/said.html` holds them.
const said = (name) => document.getElementById("said")?.getAttribute(`data-said-${name}`) ?? "";
const say = (words) => {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.textContent = words;
  $("#toasts").replaceChildren(toast);
};

function step(list, by) {
  if (!list.length) return null;
  const now = list.findIndex((element) => element.hasAttribute("aria-current"));
  const next = list[Math.min(list.length - 1, Math.max(0, now + (now < 0 && by < 0 ? 0 : by)))];
  for (const element of list) element.removeAttribute("aria-current");
  next.setAttribute("aria-current", "true");
  next.scrollIntoView({ block: "nearest" });
  return next;
}

const row = () => $(".queue .row[aria-current]");
const changed = () => $(".work > li[aria-current]");
const evidence = () => $(".ev[data-evidence][aria-current]");

function moveClaim(by) {
  if (page === "queue") return step($$(".queue .row"), by);
  if (page === "changed" || page === "search") return step($$(".work > li"), by);
  const strip = $$(".strip a");
  const now = strip.findIndex((link) => link.hasAttribute("aria-current"));
  const next = strip[now + by];
  if (next) next.click();
  return next;
}

function needsMe() {
  const list = page === "queue" ? $$(".queue .row") : $$(".strip a");
  const now = list.findIndex((element) => element.hasAttribute("aria-current"));
  const next = list.slice(now + 1).find((element) => "needsMe" in element.dataset);
  if (!next) return page === "queue" ? $('[data-act="needs-me"]')?.click() : (location.href = "/next/");
  if (page !== "queue") return next.click();
  for (const element of list) element.removeAttribute("aria-current");
  next.setAttribute("aria-current", "true");
  return next.scrollIntoView({ block: "nearest" });
}

function moveEvidence(by) {
  const list = $$("#evidence-list .ev[data-evidence]");
  if (by > 0 && list.at(-1)?.hasAttribute("aria-current")) $("#evidence-all")?.click(); // more stand behind it
  const next = step(list, by);
  next?.closest("details.fold:not([open])")?.setAttribute("open", "");
  next?.focus({ preventScroll: true });
}

const bulk = (act) => $(`.bulk button[value="${act}"]`);
const box = (from) => $(".c-sel input", from);
const selected = () => $$(".c-sel input:checked");
function counted() {
  const output = $(".bulk output");
  if (output) output.textContent = `${selected().length} ${output.dataset.word}`;
}
document.addEventListener("change", (event) => event.target.matches(".c-sel input") && counted());

function select_() {
  const input = row() && box(row());
  if (!input) return;
  input.checked = !input.checked;
  counted();
}

// The act for all that is selected; for the marked row where nothing is.
function forSelected(act) {
  if (!selected().length && row()) select_();
  if (selected().length) bulk(act)?.click();
}

// The view behind the one that has the focus, or behind the one that is shown; after the last comes the first.
function nextView() {
  const views = $$(".rail .views a");
  const held = views.indexOf(document.activeElement);
  const now = held < 0 ? views.findIndex((link) => link.hasAttribute("aria-current")) : held;
  views[(now + 1) % views.length]?.focus();
}

function take() {
  const url = row()?.dataset.take;
  if (selected().length) return bulk("take")?.click();
  if (page !== "queue") return $('[data-act="take"]')?.click();
  if (!url) return say(said("nothing-to-take"));
  const form = $("#take-form");
  form.elements.claims.value = row().dataset.claim;
  return form.requestSubmit();
}

function cycle(radios) {
  if (!radios.length) return;
  const next = radios[(radios.findIndex((radio) => radio.checked) + 1) % radios.length];
  next.checked = true;
  next.dispatchEvent(new Event("change", { bubbles: true }));
}

function stance() {
  const now = evidence();
  if (!now) return;
  const box = $(".ev-acts details", now); // of evidence that was kept
  if (box && !box.open) box.open = true;
  else cycle($$("input[name=stance]", now));
}

// The claim of the current row or card; dropping a claim is dismissing it, and that asks for a reason.
function drop() {
  if (changed()) return $('[data-act="reopen"]', changed())?.click();
  if (evidence()) return $('[data-act="drop"]', evidence())?.click();
  if (selected().length) return bulk("dismiss")?.click();
  if (row()) return ($("a.claim", row()).href += "#dismiss", $("a.claim", row()).click());
  return $("#dismiss") && go("#dismiss");
}

// The form to ask somebody outside; for a row of the queue on the claim's own page.
function ask() {
  if (page === "queue") return row() && (($("a.claim", row()).href += "#ask"), $("a.claim", row()).click());
  return $("#ask") ? go("#ask") : say(said("may-not-ask"));
}

// What was checked before and says the same; for a row of the queue on the claim's own page.
function before() {
  if (page === "queue") return row() && (($("a.claim", row()).href += "#before"), $("a.claim", row()).click());
  return $("#before") ? go("#before") : say(said("nothing-before"));
}

// The selected words of a piece of evidence or of our wording, put into the form for a note on them.
function noteOnWords() {
  const selection = getSelection();
  const words = selection.toString().trim();
  const from = selection.anchorNode?.parentElement?.closest(".ev[data-evidence], #statement");
  if (!words || !from || !from.contains(selection.focusNode)) return false;
  const form = from.id === "statement" ? $("#note-words")?.form : $("#ev-note");
  if (!form) return false;
  form.closest("details").open = true;
  const values = { words, number: $(".cite-number", from)?.textContent.replace(/\D/g, "") };
  for (const [name, value] of Object.entries(values)) {
    const field = form.elements[name];
    if (!field) continue;
    field.value = value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  form.elements.body.focus();
  return true;
}

function go(hash) {
  const target = $(hash);
  if (!target) return;
  reveal(hash);
  target.scrollIntoView({ block: "start" });
  if (hash !== "#verdict") return;
  const radio = $("input[name=label]:checked", target) || $("input[name=label]", target);
  radio?.focus({ preventScroll: true });
}

function pick(press) {
  const radio = $(`#verdict-form input[data-key="${press}"]`);
  if (!radio) return;
  radio.checked = true;
  radio.focus();
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

// Selected words as offsets into the text, counted in code points: Array.from splits by them, length does not.
const codePoints = (text) => Array.from(text).length;

function offset(node, index) {
  const run = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest?.("[data-at]");
  if (!run) return null;
  const before = document.createRange();
  before.selectNodeContents(run);
  before.setEnd(node, index);
  return Number(run.dataset.at) + codePoints(before.toString());
}

// Both ends must lie in words; an end between two runs moves to the nearest words inside.
function ends(range) {
  let start = offset(range.startContainer, range.startOffset);
  let end = offset(range.endContainer, range.endOffset);
  if (start === null || end === null) {
    const runs = [...document.querySelectorAll(".sheet [data-at]")].filter((run) => range.intersectsNode(run));
    if (!runs.length) return null;
    const last = runs.at(-1);
    start ??= Number(runs[0].dataset.at);
    end ??= Number(last.dataset.at) + codePoints(last.textContent);
  }
  return start < end ? { start, end } : null;
}

function readSelection() {
  const bar = document.getElementById("selbar");
  const sheet = document.getElementById("sheet");
  if (!bar || !sheet) return;
  const selection = getSelection();
  const range = selection.rangeCount ? selection.getRangeAt(0) : null;
  const inside = range && !range.collapsed && sheet.contains(range.commonAncestorContainer);
  const found = inside ? ends(range) : null;
  if (!found) {
    if (!document.querySelector("#comment[open]")) bar.hidden = true;
    return;
  }
  for (const form of document.querySelectorAll("#claim-of-words, #note-on-words")) {
    form.elements.start.value = found.start;
    form.elements.end.value = found.end;
  }
  const quote = document.getElementById("comment-words");
  if (quote) quote.textContent = selection.toString();
  bar.hidden = false;
}

let selecting = 0;
document.addEventListener("selectionchange", () => {
  clearTimeout(selecting);
  selecting = setTimeout(readSelection, 120);
});

const hasSelection = () => {
  readSelection();
  const bar = document.getElementById("selbar");
  return Boolean(bar) && !bar.hidden;
};

const verbs = {
  help: () => $("#help").showModal(),
  search: () => $("#s")?.focus(),
  next: () => moveClaim(1),
  previous: () => moveClaim(-1),
  "needs-me": needsMe,
  open: () => $("a.claim", row() || changed() || undefined)?.click(),
  "evidence-next": () => moveEvidence(1),
  "evidence-previous": () => moveEvidence(-1),
  take,
  select: select_,
  assign: () => forSelected("assign"),
  filter: () => $("#filter-q")?.focus(),
  views: nextView,
  undo: () => $("#undo-form")?.requestSubmit(),
  claim: () => (hasSelection() ? $("#claim-of-words")?.requestSubmit() : say(said("select-first"))),
  comment: () =>
    noteOnWords() || (hasSelection() ? $("#comment")?.showModal() : say(said("select-first"))),
  ask,
  before,
  lines: () => $("#lines-form")?.requestSubmit(),
  why: () => (page === "queue" ? $("a.pri", row() || undefined)?.click() : go("#why")),
  evidence: () => {
    go("#evidence");
    if (!evidence()) moveEvidence(1);
  },
  stance,
  keep: () =>
    (evidence() ? $('[data-act="keep"]', evidence()) : $('[data-act="confirm"]', changed() || undefined))?.click(),
  drop,
  snapshot: () => evidence() && $('[data-act="snapshot"]', evidence())?.click(),
  pick,
  verdict: () => go("#verdict"),
  quote: () => cycle($$("#quote-check input")),
  rationale: () => $("#rationale")?.focus(),
};

const typing = (element) =>
  element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]");

function escape(event) {
  if (typing(event.target)) return event.target.blur();
  const menu = $("details.menu[open]");
  if (menu) menu.open = false;
  getSelection().removeAllRanges();
  return undefined;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form") || $("#verdict-form");
    if (form) {
      event.preventDefault();
      form.requestSubmit($("button:not([type=button])", form) || undefined);
    }
    return;
  }
  if (event.key === "Escape" && !$("dialog[open]")) {
    escape(event);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
  if (localStorage.getItem("keys") === "off" && event.key !== "?") return;
  const act = table[event.key];
  if (!act || !verbs[act]) return;
  // Enter belongs to what has the focus; only a row that is merely marked is opened by it.
  if (act === "open" && (event.target !== document.body || !(row() || changed()))) return;
  event.preventDefault();
  verbs[act](event.key);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[type=button][data-act]");
  if (button) verbs[button.dataset.act]?.();
});

const on = $("#keys-on");
if (on) {
  on.checked = localStorage.getItem("keys") !== "off";
  on.addEventListener("change", () => localStorage.setItem("keys", on.checked ? "on" : "off"));
}
// The list of what changed begins at the row it was left at.
if (page === "changed") {
  const rows = $$(".work > li");
  const now = rows.find((one) => `#${one.id}` === location.hash) || rows[0];
  now?.setAttribute("aria-current", "true");
  now?.scrollIntoView({ block: "nearest" });
}
const shown = $("#claim")?.dataset.number;
if (shown && page === "article") select(shown);

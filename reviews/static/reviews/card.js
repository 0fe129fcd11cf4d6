// The page around htmx: the place in the card, the focus, the selected claim, buttons that say they are saving;
// then citations, ticks and dialogs.
let place = null;

document.addEventListener("htmx:beforeRequest", (event) => {
  const button = event.detail.requestConfig.triggeringEvent?.submitter;
  if (button) button.setAttribute("aria-busy", "true");
});

// The mark in strip and text moves at once; if no card follows, it goes back to the one that is there.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.matches?.(".strip a")) select(event.detail.elt.dataset.claim);
});
for (const kind of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(kind, (event) => {
    if (event.detail.elt.matches?.(".strip a")) select(document.getElementById("claim").dataset.number);
  });
}

document.addEventListener("htmx:afterRequest", () => {
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

// Where the mark on a piece of evidence goes: it stays, or goes on to a neighbour where the piece left the list.
let heirs = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const target = event.detail.target;
  const list = [...document.querySelectorAll("#evidence-list .ev[data-evidence]")];
  const at = list.findIndex((one) => one.hasAttribute("aria-current"));
  const concerned = target.id === "evidence-list" || target === list[at];
  heirs = concerned && at >= 0 ? [list[at], list[at + 1], list[at - 1]].map((one) => one?.id) : null;
});
document.addEventListener("htmx:afterSwap", () => {
  const heir = heirs?.map((id) => id && document.getElementById(id)).find(Boolean);
  heirs = null;
  if (!heir) return;
  mark(heir, true);
  if (document.activeElement === document.body) heir.focus({ preventScroll: true });
});

// Who asked to see all pieces of evidence goes on seeing them.
document.addEventListener("htmx:configRequest", (event) => {
  const all = document.querySelector("#evidence-list[data-all]");
  if (all && event.detail.verb === "post") event.detail.parameters.pieces = "all";
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "claim") return;
  const card = document.getElementById("claim");
  place = {
    claim: card.dataset.claimId,
    top: card.querySelector(".panel-scroll")?.scrollTop ?? 0,
    evidence: document.querySelector(".ev[aria-current]")?.id,
    open: [...card.querySelectorAll("details[open]")].map((box) => box.id).filter(Boolean),
  };
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "errors") document.getElementById("error-words")?.focus();
  const card = document.getElementById("claim");
  if (!card || !place) return;
  const before = place;
  place = null;
  if (before.claim === card.dataset.claimId) {
    const scroll = card.querySelector(".panel-scroll");
    if (scroll) scroll.scrollTop = before.top;
    if (before.evidence) document.getElementById(before.evidence)?.setAttribute("aria-current", "true");
  }
  select(card.dataset.number);
  const refused = document.getElementById("gate-error") || document.getElementById("moved");
  if (refused) refused.focus();
  else if (document.activeElement === document.body || !document.activeElement) {
    document.getElementById("statement")?.focus({ preventScroll: true });
  }
});

document.addEventListener("htmx:afterSettle", () => {
  const left = document.getElementById("left");
  const propose = document.querySelector('#main-act[form="verdict-form"]');
  if (left && propose) propose.toggleAttribute("aria-disabled", false);
  if (left && propose && left.dataset.left !== "0") propose.setAttribute("aria-disabled", "true");
});

// Marks the claim in strip and text, and brings its words into view.
export function select(number) {
  for (const link of document.querySelectorAll("a[data-claim]:not(.tick)")) {
    mark(link, link.dataset.claim === number);
  }
  for (const words of document.querySelectorAll(".sheet .seg[data-claims]")) {
    mark(words, words.dataset.claims.split(" ").includes(number));
  }
  document.querySelector(".sheet .ref[aria-current]")?.scrollIntoView({ block: "nearest" });
}

function mark(element, current) {
  if (current) element.setAttribute("aria-current", "true");
  else element.removeAttribute("aria-current");
}

// A click in the text selects through the strip, whose links htmx knows. On shared words the shortest
// claim comes first, a second click goes on to the next.
document.addEventListener("click", (event) => {
  const link = event.target.closest(".sheet a[data-claim]");
  const words = event.target.closest(".sheet .seg[data-claims]");
  if (event.ctrlKey || event.metaKey || event.shiftKey || (!link && !words)) return;
  if (words && !getSelection().isCollapsed) return;
  const number = link ? link.dataset.claim : nextOf(words.dataset.claims.split(" "));
  const inStrip = document.querySelector(`.strip a[data-claim="${number}"]`);
  if (!inStrip) return;
  event.preventDefault();
  inStrip.click();
});

function nextOf(numbers) {
  const current = document.getElementById("claim")?.dataset.number;
  return numbers[(numbers.indexOf(current) + 1) % numbers.length];
}

// The part of the card that is being read.
let watcher = null;
function watch() {
  watcher?.disconnect();
  const scroll = document.querySelector(".panel-scroll");
  if (!scroll) return;
  watcher = new IntersectionObserver(
    (entries) => {
      const seen = entries.find((entry) => entry.isIntersecting);
      if (!seen) return;
      for (const link of document.querySelectorAll(".sections a")) mark(link, link.hash === `#${seen.target.id}`);
    },
    { rootMargin: "-20% 0px -70% 0px" },
  );
  for (const part of scroll.querySelectorAll(".sec[id]")) watcher.observe(part);
}
document.addEventListener("htmx:afterSettle", watch);
watch();

// "Cite" puts the number of a piece of evidence where the cursor stood in the rationale.
const rationale = () => document.getElementById("rationale");

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-cite]");
  const field = rationale();
  if (!button || !field) return;
  const at = field.selectionEnd;
  const before = field.value.slice(0, at);
  const words = `${before && !/\s$/.test(before) ? " " : ""}[${button.dataset.cite}]`;
  field.setRangeText(words, at, at, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});

const showCites = () => document.querySelectorAll("[data-cite][hidden]").forEach((button) => (button.hidden = !rationale()));
document.addEventListener("htmx:afterSettle", showCites);
showCites();

// Sentence ticks that start on the same line step aside.
function stepAside() {
  for (const block of document.querySelectorAll(".sheet .block")) {
    let last = -99;
    for (const tick of block.querySelectorAll(".tick")) {
      tick.classList.remove("b");
      const top = tick.offsetTop;
      tick.classList.toggle("b", top - last < 12);
      last = top;
    }
  }
}

let resized = 0;
addEventListener("resize", () => {
  cancelAnimationFrame(resized);
  resized = requestAnimationFrame(stepAside);
});
document.addEventListener("htmx:afterSettle", stepAside);
stepAside();

// Line by line: the sentence that was just looked at gives the focus to the next one that was not.
let marking = -1;
const ticks = () => [...document.querySelectorAll(".sheet button.tick")];
document.addEventListener("click", (event) => {
  const tick = event.target.closest(".sheet button.tick[data-unmarked]");
  if (tick) marking = ticks().indexOf(tick);
});
document.addEventListener("htmx:afterSettle", () => {
  if (marking < 0) return;
  const next = ticks().slice(marking + 1).find((tick) => "unmarked" in tick.dataset) || ticks()[marking];
  marking = -1;
  next?.focus();
});
if (location.hash === "#lines") document.querySelector(".sheet button.tick[data-unmarked]")?.focus();

// Dialogs, closing buttons, the theme switch, and the parts of a page that a link opens.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) document.getElementById(opener.dataset.open)?.showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  const dismisser = event.target.closest("[data-dismiss]");
  if (dismisser) document.querySelector(dismisser.dataset.dismiss).replaceChildren();
  if (event.target.closest("[data-theme-switch]")) switchTheme();
  const link = event.target.closest('a[href^="#"]');
  if (link) reveal(link.hash);
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target) || link) menu.open = false;
  }
});

function switchTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const now = document.documentElement.dataset.theme || (dark ? "dark" : "light");
  const next = now === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  document.cookie = `theme=${next}; path=/; max-age=31536000; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
}

// A link to something inside a closed <details> opens it.
export function reveal(hash) {
  const target = hash.length > 1 && document.getElementById(hash.slice(1));
  if (!target) return;
  for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  target.querySelector("input:not([type=hidden]), select, textarea")?.focus({ preventScroll: true });
}

reveal(location.hash);

// What the server said goes away by itself; errors stay.
const toasts = document.getElementById("toasts");
const fade = () => {
  for (const toast of toasts.children) setTimeout(() => toast.remove(), 10000);
};
new MutationObserver(fade).observe(toasts, { childList: true });
fade();

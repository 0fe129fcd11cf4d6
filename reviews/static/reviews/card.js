// Around htmx: the place in the card, the focus, the selected claim, buttons that say they are saving.
let place = null;

document.addEventListener("htmx:beforeRequest", (event) => {
  const button = event.detail.requestConfig.triggeringEvent?.submitter;
  if (button) button.setAttribute("aria-busy", "true");
});

document.addEventListener("htmx:afterRequest", () => {
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
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
  const refused = document.getElementById("gate-error");
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

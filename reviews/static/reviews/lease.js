// The first key typed into the verdict takes the claim for this window; typing on renews it.
import { post } from "./drafts.js";

const BEAT = 30000;
let sent = 0;

const claim = () => document.getElementById("claim")?.dataset.claimId;

async function beat() {
  sent = Date.now();
  let answer = null;
  try {
    answer = await post(`/claims/${claim()}/lease/`, { act: "type" });
  } catch {
    sent = 0; // drafts.js says that the server does not answer; the next key tries again
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

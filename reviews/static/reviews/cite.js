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

const reveal = () => document.querySelectorAll("[data-cite][hidden]").forEach((button) => (button.hidden = !rationale()));
document.addEventListener("htmx:afterSettle", reveal);
reveal();

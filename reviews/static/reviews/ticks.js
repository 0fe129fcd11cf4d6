// Sentence ticks that start on the same line step aside.
function settle() {
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

let waiting = 0;
addEventListener("resize", () => {
  cancelAnimationFrame(waiting);
  waiting = requestAnimationFrame(settle);
});
document.addEventListener("htmx:afterSettle", settle);
settle();

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

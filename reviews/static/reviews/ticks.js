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

// Selected words as offsets into the text, counted in code points: Array.from splits by them, length does not.
export const selected = { start: 0, end: 0, words: "" };

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

function read() {
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
  Object.assign(selected, found, { words: selection.toString() });
  for (const form of document.querySelectorAll("#claim-of-words, #note-on-words")) {
    form.elements.start.value = found.start;
    form.elements.end.value = found.end;
  }
  const quote = document.getElementById("comment-words");
  if (quote) quote.textContent = selected.words;
  bar.hidden = false;
}

let waiting = 0;
document.addEventListener("selectionchange", () => {
  clearTimeout(waiting);
  waiting = setTimeout(read, 120);
});

export const hasSelection = () => {
  read();
  const bar = document.getElementById("selbar");
  return Boolean(bar) && !bar.hidden;
};

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
  localStorage.setItem("theme", next);
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

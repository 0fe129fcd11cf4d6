// Before the first paint: the theme the person chose, if any. Not a module, so that nothing flashes.
(() => {
  const chosen = localStorage.getItem("theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
})();

// Signed out in the middle of the work: sign in over the page, so that nothing on it is lost.
const dialog = document.getElementById("sign-in");
const waiting = [];

export const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";

// Asks for the password once; resolves when the person is signed in again.
export function signIn() {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (!dialog.open) dialog.showModal();
  });
}

function renew(page) {
  document.body.setAttribute("hx-headers", page.body.getAttribute("hx-headers"));
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = token();
}

dialog?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const body = new URLSearchParams(new FormData(form));
  body.set("csrfmiddlewaretoken", token());
  body.set("next", location.pathname + location.search);
  const answer = await fetch(form.action, { method: "POST", body });
  if (!answer.redirected) {
    document.getElementById("sign-in-error").hidden = false;
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  // Somebody else's page is not this one: what was typed here stays the first person's.
  if (page.body.dataset.user !== document.body.dataset.user) {
    location.reload();
    return;
  }
  renew(page);
  form.reset();
  dialog.close();
  document.getElementById("errors").replaceChildren();
  for (const resolve of waiting.splice(0)) resolve();
});

document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 401) signIn();
});

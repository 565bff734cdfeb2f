// What the other scripts share: words, theme, language, and speaking to Gradio's boxes.

export const lang = () => document.documentElement.lang || "fr";

export function words() {
  return JSON.parse(document.querySelector(".masthead")?.dataset.words || "{}");
}

export function store(name, value) {
  try {
    if (value === undefined) return JSON.parse(localStorage.getItem(name));
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
  } catch { /* a browser that keeps nothing still answers questions */ }
  return null;
}

// A box of Gradio takes a value when it hears that somebody typed it.
export function type(box, text) {
  const kind = box instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
  Object.getOwnPropertyDescriptor(kind.prototype, "value").set.call(box, text);
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

export const box = (id) => document.querySelector(`#${id} textarea, #${id} input`);

// Calls back with an element as soon as it is there; Gradio draws its parts when it pleases.
export function when(selector, then) {
  const found = document.querySelector(selector);
  if (found) return void then(found);
  const watch = new MutationObserver(() => {
    const now = document.querySelector(selector);
    if (now) { watch.disconnect(); then(now); }
  });
  watch.observe(document.documentElement, { childList: true, subtree: true });
}

export async function send(path, body, method = "POST") {
  const reply = await fetch(path, {
    method, headers: { "content-type": "application/json" }, body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!reply.ok) throw new Error((await reply.json().catch(() => ({}))).error || words().offline);
  return reply;
}

function applyTheme(theme) {
  document.documentElement.dataset.theme = theme;
  document.body.classList.toggle("dark", theme === "dark");
}

when("gradio-app", () => applyTheme(document.documentElement.dataset.theme));

document.addEventListener("click", (event) => {
  const theme = event.target.closest?.(".theme");
  if (theme) {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    applyTheme(next);
    try { localStorage.setItem("h200.theme", next); } catch { /* not kept */ }
  }
  const language = event.target.closest?.("a.language");
  if (language) {
    event.preventDefault();
    try { localStorage.setItem("h200.lang", language.hreflang); } catch { /* not kept */ }
    const query = new URLSearchParams(location.search);
    query.set("lang", language.hreflang);
    location.assign(new URL(`${language.getAttribute("href")}?${query}`, location.origin));
  }
  const skip = event.target.closest?.("a.skip");
  if (skip) { event.preventDefault(); box("question")?.focus(); }
});

// A first library takes a while to build; a page that was drawn without it is drawn again when it is there.
async function awaitLibrary(waited) {
  const reply = await fetch("/healthz").then((health) => health.json()).catch(() => ({}));
  if (reply.ready && waited && !document.body.matches(".telling")) location.reload();
  else if (!reply.reason && (waited || !reply.ready)) setTimeout(() => awaitLibrary(true), 2_000);
}

when("gradio-app", () => awaitLibrary(false));

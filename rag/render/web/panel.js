// The evidence panel: a link to an article opens beside what one reads, at the sentence that was cited.
import { box, lang, send, type, when, words } from "./page.js";

let opener = null;

const panel = () => document.getElementById("panel");

export async function open(link) {
  const aside = panel();
  if (!aside) return;
  if (!aside.contains(link)) opener = link;
  const inside = aside.querySelector(".inside");
  inside.textContent = words().opening;
  aside.hidden = false;
  document.body.classList.add("with-panel");
  mark(link);
  try {
    const address = new URL(link.href.baseVal ?? link.href, location.origin);
    address.searchParams.set("lang", lang()); // the panel is part of the page, whatever the question was asked in
    const reply = await fetch(address, { headers: { "x-panel": "1" } });
    inside.innerHTML = await reply.text(); // made and escaped by our own server
  } catch {
    inside.textContent = words().offline;
    return;
  }
  const passage = inside.querySelector("#passage");
  inside.scrollTop = 0;
  if (passage) inside.scrollTop = passage.getBoundingClientRect().top - inside.getBoundingClientRect().top - inside.clientHeight / 3;
  inside.querySelector("h2")?.focus({ preventScroll: true });
}

export function close() {
  const aside = panel();
  if (!aside || aside.hidden) return;
  aside.hidden = true;
  document.body.classList.remove("with-panel");
  mark(null);
  opener?.focus?.();
  opener = null;
}

function mark(link) {
  document.querySelectorAll(".is-open").forEach((other) => other.classList.remove("is-open"));
  link?.classList.add("is-open");
}

// The text that shows beside a number, or a dot of the timeline, while one points at it.
function place(tip, at) {
  const space = at.getBoundingClientRect();
  tip.classList.add("shown");
  const size = tip.getBoundingClientRect();
  const left = Math.max(12, Math.min(space.left + space.width / 2 - size.width / 2, innerWidth - size.width - 12));
  const under = space.bottom + 10; // where it hides none of the sentence it belongs to
  const bottom = at.closest("#turn, #past") ? document.querySelector("#composer").getBoundingClientRect().top : innerHeight;
  tip.style.left = `${left}px`;
  tip.style.top = `${under + size.height < bottom ? under : Math.max(8, space.top - size.height - 10)}px`;
}

function show(target) {
  const cite = target.closest?.(".cite");
  if (cite) {
    hide(cite);
    place(cite.querySelector(".tip"), cite.querySelector(".mark"));
    return;
  }
  const dot = target.closest?.(".dot");
  if (dot) { hide(); place(dotTip(dot), dot); }
}

function hide(except) {
  document.querySelectorAll(".tip.shown").forEach((tip) => { if (!except || !except.contains(tip)) tip.classList.remove("shown"); });
}

function dotTip(dot) {
  let tip = document.getElementById("dot-tip");
  if (!tip) {
    tip = document.createElement("div");
    tip.id = "dot-tip";
    tip.className = "tip";
    tip.setAttribute("aria-hidden", "true"); // the dot's own label says the same
    tip.append(Object.assign(document.createElement("span"), { className: "quote" }), Object.assign(document.createElement("span"), { className: "facts" }));
    document.body.append(tip);
  }
  tip.querySelector(".quote").textContent = dot.dataset.quote;
  tip.querySelector(".facts").textContent = dot.dataset.facts;
  return tip;
}

async function remove(button) {
  if (!confirm(button.dataset.sure)) return;
  try {
    await send(`/article/${encodeURIComponent(button.dataset.remove)}`, undefined, "DELETE");
  } catch (error) {
    alert(error.message);
    return;
  }
  const inside = panel().querySelector(".inside");
  inside.textContent = words().removed;
  const find = box("find");
  if (find) type(find, find.value.endsWith(" ") ? find.value.trimEnd() : `${find.value} `); // asks for the table again
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-article]");
  if (link && panel() && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    hide();
    open(link);
  } else if (event.target.closest?.("#panel .close")) close();
  else if (event.target.closest?.("[data-remove]")) remove(event.target.closest("[data-remove]"));
});
document.addEventListener("mouseover", (event) => (event.target.closest?.(".cite, .dot, .tip") ? show(event.target) : hide()));
document.addEventListener("focusin", (event) => (event.target.closest?.(".cite, .dot") ? show(event.target) : hide()));
document.addEventListener("scroll", () => hide(), { capture: true, passive: true });
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (document.querySelector(".tip.shown")) hide();
  else close();
});
when("#panel", (aside) => aside.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); close(); } }));

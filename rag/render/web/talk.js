// The conversation. Gradio tells the turn that is being answered; here the earlier ones stay on the page, are kept in
// this browser, and are asked again, shared, judged and exported.
import { box, lang, send, store, type, when, words } from "./page.js";
import { longDay, moveTo } from "./days.js";

const KEPT = "h200.talk.";
const MOST = 50; // conversations kept
const LONGEST = 40; // turns kept of one
const PATIENCE = 3_000; // ms until a question that nobody answers is sent once more

const arrived = new URLSearchParams(location.search); // what the link that led here asks for

let talk = { id: null, turns: [] };
let day = null;
let finished = null; // the last turn that was told to its end: {key, node}
let seen = "";

const past = () => document.getElementById("past");
const turns = () => [...document.querySelectorAll("#past .turn, #turn .turn:not(.gone)")];

// Who words the answers: the sources, or the server's language model where the reader has switched it on.
const mode = () => (document.getElementById("with-model")?.checked ? "llm" : "extractive");

export function setDay(chosen) {
  day = chosen;
}

// What goes with a question, read in the very moment in which Gradio sends it (`js` in app.py).
const context = () => JSON.stringify({ as_of: day, earlier: talk.turns.map((turn) => turn.q), mode: mode() });
globalThis.h200 = { asked: () => [box("question").value, context()], about: (topic) => [topic, context()] };

// --- asking

export function ask(question, asOf) {
  moveTo(asOf || null);
  type(box("question"), question);
  mindLoss();
  document.querySelector("#send")?.click();
}

// A question sent in the very moment in which Gradio's stream of an earlier event closes is lost: then it is sent again.
function mindLoss() {
  const asked = box("question")?.value;
  const before = seen;
  if (!asked?.trim()) return;
  setTimeout(() => {
    if (seen === before && box("question").value === asked) document.querySelector("#send")?.click();
  }, PATIENCE);
}

const telling = () => document.body.classList.contains("telling");

function watchTurn(frame) {
  new MutationObserver(() => {
    const node = frame.querySelector(".turn");
    if (!node || node.classList.contains("gone")) return;
    const now = `${node.dataset.key} ${node.dataset.state}`;
    if (node.dataset.key !== seen.split(" ")[0]) begin(node);
    if (now !== seen && node.dataset.state !== "telling") end(node);
    seen = now;
  }).observe(frame, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-state"] });
}

function begin(node) {
  if (finished) past().append(finished.node);
  finished = null;
  const asked = node.querySelector("h3").textContent;
  if (plain(box("question").value) === plain(asked)) type(box("question"), ""); // what was typed since stays
  document.body.classList.add("telling", "talking");
  requestAnimationFrame(() => node.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" }));
}

function end(node) {
  document.body.classList.remove("telling");
  if (node.dataset.state === "failed" && !box("question").value) type(box("question"), node.querySelector("h3").textContent);
  if (node.dataset.state !== "done") return;
  finished = { key: node.dataset.key, node: node.cloneNode(true) };
  talk.turns = [...talk.turns, JSON.parse(node.dataset.turn)].slice(-LONGEST);
  announce(node);
  keep();
}

const plain = (text) => text.replace(/\s+/g, " ").trim();

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// A screen reader hears an answer once, when it is whole.
function announce(node) {
  let voice = document.getElementById("voice");
  if (!voice) {
    voice = Object.assign(document.createElement("div"), { id: "voice", className: "aloud" });
    voice.setAttribute("role", "status");
    document.body.append(voice);
  }
  voice.textContent = [...node.querySelectorAll(".lead, .words, .no")].map((part) => part.textContent).join(" ");
}

function stop() {
  const node = document.querySelector("#turn .turn[data-state=telling]");
  document.body.classList.remove("telling");
  if (!node) return;
  node.dataset.state = "stopped";
  node.querySelector(".waiting")?.remove();
  node.querySelector(".answer").append(Object.assign(document.createElement("p"), { className: "stopped", textContent: words().stopped }));
  type(box("question"), node.querySelector("h3").textContent);
  box("question").focus();
}

// --- what can be done with a turn

function cut(index) {
  turns().slice(index).forEach((node) => (past().contains(node) ? node.remove() : node.classList.add("gone")));
  finished = null;
  talk.turns = talk.turns.slice(0, index);
  keep();
  document.body.classList.toggle("talking", talk.turns.length > 0);
}

async function act(button) {
  const node = button.closest(".turn");
  const index = turns().indexOf(node);
  const turn = JSON.parse(node.dataset.turn);
  const doing = button.dataset.act;
  if (doing === "copy") return copy(button.dataset.copy, node, words().copied);
  if (doing === "share") return copy(address(turn), node, words().shared);
  if (doing === "good" || doing === "bad") return judge(node, index, doing);
  cut(index);
  if (doing === "retry") return ask(turn.q, turn.as_of);
  moveTo(turn.as_of);
  type(box("question"), turn.q);
  return box("question").focus();
}

function address(turn) {
  const url = new URL("/", location.origin); // whoever opens it reads the page in a language of their own
  url.searchParams.set("q", turn.whole || turn.q);
  if (turn.as_of) url.searchParams.set("as_of", turn.as_of);
  if (turn.mode === "llm") url.searchParams.set("mode", turn.mode);
  return url.href;
}

async function copy(text, node, done) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // a page without TLS may not use the clipboard; the old way still works
    const area = Object.assign(document.createElement("textarea"), { value: text, className: "aloud" });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say(node, done);
}

function say(node, text) {
  const line = node.querySelector(".told");
  line.textContent = "";
  requestAnimationFrame(() => { line.textContent = text; });
}

async function judge(node, index, opinion, comment = "") {
  node.querySelectorAll(".good, .bad").forEach((other) => other.setAttribute("aria-pressed", String(other.classList.contains(opinion))));
  const form = node.querySelector(".comment");
  form.dataset.opinion = opinion;
  try {
    await send("/feedback", { turns: talk.turns.slice(0, index + 1), opinion, comment, lang: lang() });
    form.hidden = Boolean(comment);
    say(node, words().thanks);
    if (!comment) form.querySelector("textarea").focus();
  } catch (error) {
    say(node, error.message);
  }
}

// --- conversations kept in this browser

function keep() {
  if (!talk.turns.length) return void list();
  talk.id ||= `${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`;
  store(KEPT + talk.id, { id: talk.id, at: Date.now(), turns: talk.turns });
  try { sessionStorage.setItem("h200.current", talk.id); } catch { /* not kept */ }
  for (const old of all().slice(MOST)) store(KEPT + old.id, null);
  list();
}

function all() {
  let names = [];
  try { names = Object.keys(localStorage).filter((name) => name.startsWith(KEPT)); } catch { /* none */ }
  return names.map((name) => store(name)).filter((kept) => kept && Array.isArray(kept.turns) && kept.turns.length).sort((a, b) => b.at - a.at);
}

function list() {
  const frame = document.querySelector(".kept");
  if (!frame) return;
  const rows = all().map((kept) => {
    const row = document.createElement("li");
    const title = String(kept.turns[0].q);
    const open = Object.assign(document.createElement("button"), { type: "button", className: "kept-open", textContent: title });
    open.dataset.talk = kept.id;
    if (kept.id === talk.id) open.setAttribute("aria-current", "true");
    const when = Object.assign(document.createElement("span"), { className: "facts", textContent: longDay(new Date(kept.at).toISOString().slice(0, 10)) });
    const forget = Object.assign(document.createElement("button"), { type: "button", className: "forget", textContent: words().forget });
    forget.setAttribute("aria-label", `${words().forget}: ${title}`);
    forget.dataset.forget = kept.id;
    row.append(open, when, forget);
    return row;
  });
  frame.replaceChildren(...(rows.length ? rows : [Object.assign(document.createElement("li"), { className: "empty", textContent: words().no_talks })]));
  document.querySelectorAll("#talk .new, #talk .export").forEach((button) => { button.hidden = !talk.turns.length; });
}

async function reopen(id) {
  const kept = store(KEPT + id);
  if (!kept) return;
  fresh();
  try {
    const reply = await send("/turns", { turns: kept.turns, lang: lang() });
    past().innerHTML = await reply.text(); // asked again, made and escaped by our own server
  } catch (error) {
    past().textContent = error.message;
    return;
  }
  talk = { id: kept.id, turns: kept.turns };
  try { sessionStorage.setItem("h200.current", id); } catch { /* not kept */ }
  document.body.classList.add("talking");
  list();
  past().lastElementChild?.scrollIntoView({ block: "start" });
}

function fresh() {
  talk = { id: null, turns: [] };
  finished = null;
  past().replaceChildren();
  document.querySelectorAll("#turn .turn").forEach((node) => node.classList.add("gone"));
  document.body.classList.remove("talking", "telling");
  try { sessionStorage.removeItem("h200.current"); } catch { /* not kept */ }
  list();
}

async function exported(format) {
  const reply = await send("/export", { turns: talk.turns, format, lang: lang() });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await reply.blob());
  link.download = format === "json" ? "h200.json" : "h200.md";
  link.click();
  URL.revokeObjectURL(link.href);
}

// --- what readers do

document.addEventListener("click", (event) => {
  const hit = (selector) => event.target.closest?.(selector);
  if (hit("[data-ask]")) ask(hit("[data-ask]").dataset.ask, hit("[data-ask]").dataset.asOf);
  else if (hit(".act")) act(hit(".act"));
  else if (hit("#stop")) stop();
  else if (hit("[data-export]")) exported(hit("[data-export]").dataset.export).catch((error) => alert(error.message));
  else if (hit("#talk .new")) { fresh(); box("question").focus(); }
  else if (hit("[data-talk]")) { hit("details").open = false; reopen(hit("[data-talk]").dataset.talk); }
  else if (hit("[data-forget]")) {
    const id = hit("[data-forget]").dataset.forget;
    store(KEPT + id, null);
    if (id === talk.id) fresh(); else list();
  }
  const open = document.querySelector("details.talks[open]");
  if (open && !open.contains(event.target)) open.open = false;
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest?.(".comment");
  if (!form) return;
  event.preventDefault();
  const comment = form.querySelector("textarea").value.trim();
  if (comment) judge(form.closest(".turn"), turns().indexOf(form.closest(".turn")), form.dataset.opinion, comment);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.target !== box("question")) return;
  if (!telling()) return void mindLoss();
  event.preventDefault();
  event.stopPropagation();
}, true);
document.addEventListener("click", (event) => { if (event.isTrusted && event.target.closest?.("#send")) mindLoss(); });

when("#turn", watchTurn);
when("#with-model", (box) => {
  box.checked = (arrived.get("mode") ?? store("h200.mode")) === "llm";
  box.addEventListener("change", () => store("h200.mode", mode()));
});
if (matchMedia("(min-width: 900px)").matches) when("#question textarea", (field) => field.focus({ preventScroll: true }));
when("#past", () => when("#question textarea", () => {
  list();
  const asked = arrived.get("q");
  let current = null;
  try { current = sessionStorage.getItem("h200.current"); } catch { /* not kept */ }
  if (asked) {
    const asOf = arrived.get("as_of");
    history.replaceState(null, "", location.pathname); // a reload finds the conversation, and does not ask again
    when("#send", () => when(".days", () => setTimeout(() => ask(asked, asOf), 200)));
  } else if (current) reopen(current);
}));

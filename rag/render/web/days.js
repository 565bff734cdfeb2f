// The slider of days: which day the reader asks as of. Its right end is today.
import { lang, words, when } from "./page.js";
import { setDay } from "./talk.js";

const DAY = 86_400_000;
const slider = () => document.getElementById("as-of");

function chosen() {
  const range = slider();
  if (!range || range.value === range.max) return null;
  return new Date(Date.parse(`${range.dataset.first}T00:00:00Z`) + Number(range.value) * DAY).toISOString().slice(0, 10);
}

export function longDay(day) {
  return new Intl.DateTimeFormat(lang(), { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
}

function show() {
  const range = slider();
  const day = chosen();
  const text = day ? longDay(day) : words().as_of_now;
  const frame = range.closest(".days");
  frame.querySelector("output").textContent = text;
  frame.querySelector(".reset").hidden = !day;
  frame.classList.toggle("then", Boolean(day));
  range.setAttribute("aria-valuetext", text);
  range.style.setProperty("--done", `${(100 * range.value) / range.max}%`);
  setDay(day);
}

// Moves the slider to a day, or to today for null; a day beyond its ends goes to the nearest end.
export function moveTo(day) {
  const range = slider();
  if (!range) return void setDay(day);
  range.value = day ? Math.round((Date.parse(`${day}T00:00:00Z`) - Date.parse(`${range.dataset.first}T00:00:00Z`)) / DAY) : range.max;
  show();
  if (day) setDay(day);
}

document.addEventListener("input", (event) => { if (event.target.id === "as-of") show(); });
document.addEventListener("click", (event) => { if (event.target.closest?.(".days .reset")) { moveTo(null); slider().focus(); } });
when("#as-of", () => moveTo(new URLSearchParams(location.search).get("as_of")));

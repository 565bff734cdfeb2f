// The timeline's filters: whose deeds, and from when until when. All events are on the page; this hides some.

function filter(frame) {
  const actors = new Set([...frame.querySelectorAll(".chip[aria-pressed=true]")].map((chip) => chip.dataset.actor));
  const from = frame.querySelector("input.from").value || "0000";
  const until = frame.querySelector("input.until").value || "9999";
  for (const event of frame.querySelectorAll("[data-day]")) {
    const shown = actors.has(event.dataset.actor) && event.dataset.day >= from && event.dataset.day <= until;
    event.classList.toggle("filtered", !shown);
    if (event.matches(".dot")) event.setAttribute("tabindex", shown ? "0" : "-1");
  }
}

document.addEventListener("click", (event) => {
  const chip = event.target.closest?.(".timeline .chip");
  if (!chip) return;
  chip.setAttribute("aria-pressed", chip.getAttribute("aria-pressed") !== "true");
  filter(chip.closest(".timeline"));
});
document.addEventListener("change", (event) => {
  if (event.target.matches?.(".timeline input[type=date]")) filter(event.target.closest(".timeline"));
});

// What a page gains from a script. Nothing here is needed to read or to report.
"use strict";

// The error summary takes the focus, so that it is read out and seen.
document.getElementById("errors")?.focus();

// A menu on a phone closes when its own place is chosen, and with Escape.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && location.hash === "#navigation") location.hash = "#top";
});

// A form sent once is not sent twice by an impatient thumb. The server would know it as one by its
// identifier; this spares the second wait.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 8000);
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// Whoever signs out leaves no draft for the next person at this device.
document.addEventListener("submit", (event) => {
  if (!("clearsDrafts" in event.target.dataset)) return;
  try {
    Object.keys(localStorage)
      .filter((key) => key.startsWith("qorgau-draft:"))
      .forEach((key) => localStorage.removeItem(key));
  } catch {
    // Storage is switched off, so nothing was kept.
  }
});

// Conveniences on every page. Nothing here is needed to read or to report.
"use strict";

// The error summary gets the focus, so that it is read out and seen.
document.getElementById("errors")?.focus();

// A menu on a phone closes when its current page is chosen, and with Escape.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && location.hash === "#navigation") location.hash = "#top";
});

// A second press does not send a form twice. The server would recognise it by its identifier; this
// saves the second wait.
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

// Signing out leaves no draft for the next person at this device.
document.addEventListener("submit", (event) => {
  if (!("clearsDrafts" in event.target.dataset)) return;
  try {
    Object.keys(localStorage)
      .filter((key) => key.startsWith("qorgau-draft:"))
      .forEach((key) => localStorage.removeItem(key));
  } catch {
    // Storage is switched off, so there are no drafts.
  }
});

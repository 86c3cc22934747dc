// Keeps typed text in this browser until it is sent: through a lost connection, an expired session
// or a closed page. A form turns it on with data-draft="name" and data-draft-owner="who".
// Drafts are removed when they are sent, when the person signs out (page.js), and after a day.
// Of a report without a name nothing may come back on a shared phone, neither the text nor the code.
"use strict";

(() => {
  const PREFIX = "qorgau-draft:";
  const DAY_MILLISECONDS = 24 * 3600 * 1000;
  const keyOf = (element) => `${PREFIX}${element.dataset.draftOwner}:${element.dataset.draft ?? element.dataset.draftDone}`;

  const read = (key) => {
    try {
      const kept = JSON.parse(localStorage.getItem(key));
      return kept && Date.now() - kept.at < DAY_MILLISECONDS ? kept.values : null;
    } catch {
      return null;
    }
  };
  const write = (key, values) => {
    try {
      localStorage.setItem(key, JSON.stringify({ at: Date.now(), values }));
      return true;
    } catch {
      return false; // Storage is full or switched off: the form still works.
    }
  };

  // A page that the browser kept as it was is drawn anew; what it showed is gone before that.
  const forgetWhenLeft = () => {
    addEventListener("pagehide", () => document.querySelector("main").replaceChildren());
    addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
  };

  document.querySelectorAll("[data-draft-done]").forEach((done) => {
    localStorage.removeItem(keyOf(done));
    if (!("leavesNothing" in done.dataset)) return;
    // The browser would keep what was sent with this page, and send it again to show it again.
    history.replaceState(null, "", location.href);
    forgetWhenLeft();
  });

  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const key = keyOf(form);
  const note = form.querySelector("[data-draft-note]");
  const tell = (name) => {
    if (note) note.textContent = note.dataset[name];
  };
  const isKept = (field) =>
    field.name && field.name !== "csrfmiddlewaretoken" && !["password", "file", "submit"].includes(field.type);

  const values = () => {
    const kept = {};
    for (const field of form.elements) {
      if (!isKept(field)) continue;
      if (field.type === "radio") {
        if (field.checked) kept[field.name] = field.value;
      } else kept[field.name] = field.type === "checkbox" ? field.checked : field.value;
    }
    return kept;
  };
  const restore = (kept) => {
    for (const field of form.elements) {
      if (!isKept(field) || !(field.name in kept)) continue;
      if (field.type === "radio") field.checked = field.value === kept[field.name];
      else if (field.type === "checkbox") field.checked = kept[field.name];
      else field.value = kept[field.name];
    }
  };

  // The server's answer after an error is newer than the draft.
  const kept = read(key);
  if (kept && !form.querySelector(".error-summary")) {
    restore(kept);
    tell("restored");
  }
  let waiting;
  const keep = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => write(key, values()) && tell("kept"), 400);
  };
  form.addEventListener("input", keep);
  const isAnonymous = () => form.elements.is_anonymous?.checked ?? form.dataset.draftOwner.startsWith("public");
  // A person who goes back and sends the same text again sends the same report and gets the same
  // code; a different text is another report.
  const markAsSent = () => {
    const { kind, narrative, submission_key: key } = form.elements;
    // The history of the browser is no place for the key of an anonymous report.
    if (!key || !narrative || isAnonymous()) return;
    const words = `${kind?.value}|${narrative.value.trim()}`;
    if (history.state?.words === words) key.value = history.state.key;
    history.replaceState({ words, key: key.value }, "");
  };
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting); // What is kept late would outlive its removal.
    markAsSent();
    write(key, values());
    if (navigator.onLine === false) {
      event.preventDefault();
      tell("offline");
    } else if (isAnonymous()) {
      form.autocomplete = "off";
      forgetWhenLeft();
    }
  });

  const holder = form.querySelector("[data-needs-position]");
  if (holder && "geolocation" in navigator) {
    holder.hidden = false;
    const button = holder.querySelector("button");
    const status = holder.querySelector("[role=status]");
    button.addEventListener("click", () => {
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => {
          form.elements.latitude.value = coords.latitude.toFixed(5);
          form.elements.longitude.value = coords.longitude.toFixed(5);
          status.textContent = button.dataset.position.replace("%s", Math.round(coords.accuracy));
          keep();
        },
        () => {
          status.textContent = button.dataset.positionRefused;
        },
        { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
      );
    });
  }
})();

// Saves a judgement as a draft after a pause, and says so. Without this file the button does it.
"use strict";

const PAUSE_MS = 2000;

for (const form of document.querySelectorAll("form[data-saves-itself]")) {
  const told = form.querySelector("[aria-live]");
  const kept = () => {
    const fields = new URLSearchParams(new FormData(form));
    ["based_on", "csrf_token"].forEach((name) => fields.delete(name));
    return fields.toString();
  };
  let timer = 0;
  let running = null; // a save on its way: the next one must be based on the row it makes
  let saved = kept();

  async function save() {
    const sent = kept();
    if (sent === saved) return;
    const fields = new URLSearchParams(new FormData(form));
    fields.set("do", "draft");
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: fields,
        headers: { Accept: "application/json" },
        redirect: "error",
      });
      if (answer.ok) {
        const said = await answer.json();
        form.elements.based_on.value = said.based_on;
        saved = sent;
        told.textContent = said.told;
      } else if (answer.headers.get("Content-Type").startsWith("text/plain")) {
        told.textContent = await answer.text(); // our own sentence: another tab, or settled
      } else {
        throw new Error("refused");
      }
    } catch {
      told.textContent = "Draft not saved. What you entered is still on this page: press Save draft.";
    }
  }

  function start() {
    if (running) return wait(); // one after the other
    running = save().finally(() => (running = null));
  }

  function wait() {
    clearTimeout(timer);
    timer = setTimeout(start, PAUSE_MS);
  }

  form.addEventListener("input", wait);

  // What is submitted must be based on the draft that is being saved, so it waits for that. The
  // timeout: a form cannot be submitted again while its own submit event is still going on.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!running) return;
    event.preventDefault();
    running.then(() => setTimeout(() => form.requestSubmit(event.submitter)));
  });
}

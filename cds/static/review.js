// Keys on the review pages: j the next case, k the case before. Everything is there without it.
"use strict";

const isWriting = (element) => element.closest("input, select, textarea, [contenteditable]") !== null;

// On a case the keys follow its links; in the queue they move the focus from case to case.
const follow = (rel) => document.querySelector(`.beside a[rel="${rel}"]`)?.click();
const move = (step) => {
  const cases = [...document.querySelectorAll("a.case")];
  const here = cases.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : cases.length - 1) : here + step;
  cases[Math.min(Math.max(next, 0), cases.length - 1)]?.focus();
};

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || isWriting(event.target)) return;
  const step = { j: 1, k: -1 }[event.key];
  if (step === undefined) return;
  if (document.querySelector("a.case") !== null) move(step);
  else follow(step > 0 ? "next" : "prev");
});

// A file that is dropped on the field, or chosen, is put into it. Without this the field is pasted into.
"use strict";

const field = document.getElementById("bundle");
const chosen = document.getElementById("bundle-file");
const told = document.getElementById("bundle-file-told");

async function take(file) {
  if (!file) return;
  try {
    field.value = await file.text();
    told.textContent = `Read from the file: ${file.size.toLocaleString("en")} bytes.`;
  } catch {
    told.textContent = "The file could not be read.";
  }
}

chosen.parentElement.hidden = false;
chosen.addEventListener("change", () => take(chosen.files[0]));
field.addEventListener("dragover", (event) => event.preventDefault());
field.addEventListener("drop", (event) => {
  if (event.dataTransfer.files.length === 0) return; // text is dropped as text
  event.preventDefault();
  take(event.dataTransfer.files[0]);
});

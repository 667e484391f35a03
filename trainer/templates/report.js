// Sorts a table by the column whose heading is clicked: numbers by data-value, text by name; unknown values last.
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    head.addEventListener("click", () => {
      const rising = head.getAttribute("aria-sort") !== "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", rising ? "ascending" : "descending");
      const rows = [...table.tBodies[0].rows];
      rows.sort((one, other) => compare(one.cells[column], other.cells[column], rising ? 1 : -1));
      table.tBodies[0].append(...rows);
    });
  });
}

function compare(one, other, sign) {
  const [a, b] = [one.dataset.value, other.dataset.value];
  if (a === undefined && b === undefined) return sign * one.textContent.localeCompare(other.textContent);
  if (a === "" || b === "") return (a === "") - (b === "");
  return sign * (Number(a) - Number(b));
}

// Shows the detections of at least the chosen confidence, and those that an image is in the gallery for.
const slider = document.getElementById("confidence");
if (slider) {
  const show = () => {
    document.getElementById("confidence-shown").textContent = Number(slider.value).toFixed(2);
    for (const box of document.querySelectorAll("svg [data-score]")) {
      const shown = Number(box.dataset.score) >= Number(slider.value) || box.classList.contains("worst");
      box.style.display = shown ? "" : "none";
    }
  };
  slider.addEventListener("input", show);
  show();
}

// Shows one two-way table at a time.
const pair = document.getElementById("pair");
if (pair) {
  const show = () => {
    for (const table of document.querySelectorAll("[data-pair]")) table.hidden = table.dataset.pair !== pair.value;
  };
  pair.addEventListener("change", show);
  show();
}

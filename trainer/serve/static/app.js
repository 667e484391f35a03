// The page: connects its controls to the service and to the drawing.

import { Camera } from "./camera.js";
import { colourOf, drawBoxes, setClasses, shown } from "./drawing.js";
import { NeedsToken, describe, detect, keepToken, takeTokenFromAddress } from "./service.js";

const at = (id) => document.getElementById(id);
const [stage, image, overlay, video] = ["stage", "image", "overlay", "video"].map(at);
const camera = new Camera(video);
const MOST_NAMED = 8; // classes in the legend
let answer = null; // the answer for the image that is shown
let requests = 0; // requests so far: an answer that arrives after the next request is not drawn
let retry = () => {}; // repeats the request once there is a token

function threshold() {
  return Number(at("threshold").value);
}

function showStatus(text) {
  at("status").textContent = text;
}

function showError(error) {
  at("error").textContent = error.message;
  at("error").hidden = false;
  at("login").hidden = !(error instanceof NeedsToken);
  if (error instanceof NeedsToken) at("token").focus();
}

function showAnswer(received) {
  answer = received;
  at("error").hidden = at("login").hidden = true;
  redraw();
}

function redraw() {
  at("shown").textContent = threshold().toFixed(2);
  if (!answer) return;
  drawBoxes(overlay, answer, threshold());
  const rows = shown(answer, threshold()).map((one) => coloured(one.category, ` ${one.score.toFixed(2)}`));
  at("detections").replaceChildren(...rows);
}

// A list item that names a class beside its colour.
function coloured(category, more = "") {
  const item = document.createElement("li");
  const swatch = document.createElement("span");
  swatch.className = "swatch";
  swatch.style.background = colourOf(category);
  item.append(swatch, category + more);
  return item;
}

function clear() {
  answer = null;
  overlay.width = overlay.height = 0;
  at("detections").replaceChildren();
}

async function detectIn(file) {
  if (!file) return;
  stopLive();
  retry = () => detectIn(file);
  const request = ++requests;
  clear();
  at("error").hidden = true;
  showStatus("Detecting…");
  await display(file);
  try {
    const received = await detect(file);
    if (request !== requests) return;
    showAnswer(received);
    const empty = received.detections.length ? "" : ", no detections";
    showStatus(`${received.width} × ${received.height} pixels${empty}.`);
  } catch (error) {
    if (request !== requests) return;
    showError(error);
    showStatus("No result for this image.");
  }
}

// If the browser cannot decode the file, the stage stays empty, and the service reports what is wrong with it.
async function display(file) {
  const bitmap = await createImageBitmap(file).catch(() => null);
  stage.classList.toggle("empty", !bitmap);
  if (!bitmap) return;
  keepInSight(bitmap.width / bitmap.height);
  image.hidden = false;
  image.width = bitmap.width;
  image.height = bitmap.height;
  image.getContext("2d").drawImage(bitmap, 0, 0);
  bitmap.close();
}

function keepInSight(aspect) {
  stage.style.setProperty("--aspect", aspect);
}

async function startLive() {
  retry = startLive;
  clear();
  at("error").hidden = true;
  try {
    await camera.start();
  } catch (error) {
    showError(error);
    return;
  }
  stage.classList.remove("empty");
  keepInSight(video.videoWidth / video.videoHeight);
  image.hidden = true;
  video.hidden = false;
  at("live").setAttribute("aria-pressed", "true");
  at("live").textContent = "Stop the camera";
  at("turn").hidden = !(await camera.hasAnother());
  await liveLoop(++requests);
}

async function liveLoop(request) {
  while (camera.running && request === requests) {
    const began = performance.now();
    try {
      const received = await detect(await camera.take());
      if (!camera.running || request !== requests) return;
      showAnswer(received);
    } catch (error) {
      stopLive();
      showError(error);
      return;
    }
    const passed = performance.now() - began;
    showStatus(`Live: ${(1000 / passed).toFixed(1)} images per second, ${passed.toFixed(0)} ms per image.`);
  }
}

function stopLive() {
  if (!camera.running) return;
  requests++;
  camera.stop();
  video.hidden = true;
  at("turn").hidden = true;
  at("live").setAttribute("aria-pressed", "false");
  at("live").textContent = "Live camera";
  stage.classList.add("empty");
  clear();
  showStatus("Ready.");
}

at("choose").addEventListener("click", () => at("file").click());
at("snap").addEventListener("click", () => at("capture").click());
for (const id of ["file", "capture"]) {
  at(id).addEventListener("change", (event) => {
    detectIn(event.target.files[0]);
    event.target.value = ""; // the same file may be chosen again
  });
}
at("live").addEventListener("click", () => (camera.running ? stopLive() : startLive()));
at("turn").addEventListener("click", () => camera.turn().catch(showError));
at("threshold").addEventListener("input", redraw);
at("login").addEventListener("submit", (event) => {
  event.preventDefault();
  keepToken(at("token").value);
  retry();
});
document.addEventListener("keydown", (event) => event.key === "Escape" && stopLive());
document.addEventListener("paste", (event) => {
  const file = [...event.clipboardData.files][0];
  if (file) detectIn(file);
});
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  stage.classList.add("over");
});
document.addEventListener("dragleave", (event) => event.relatedTarget ?? stage.classList.remove("over"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  stage.classList.remove("over");
  detectIn(event.dataTransfer.files[0]);
});
window.addEventListener("resize", redraw);

takeTokenFromAddress();
describe()
  .then(({ model, size, classes }) => {
    setClasses(classes);
    redraw();
    at("model").textContent = `${model}, ${size} × ${size}, detects:`;
    const named = classes.slice(0, classes.length > MOST_NAMED ? MOST_NAMED - 1 : MOST_NAMED);
    at("classes").replaceChildren(...named.map((name) => coloured(name)));
    if (named.length < classes.length) at("classes").append(`and ${classes.length - named.length} more`);
  })
  .catch(() => showError(new Error("The service does not answer. Is it still running?")));
if ("serviceWorker" in navigator) {
  navigator.serviceWorker
    .register("worker.js")
    .catch(() => showStatus("Ready. Installing this page as an app needs https://."));
}

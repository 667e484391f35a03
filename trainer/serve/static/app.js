// The page: wires what people do to the service and the drawing.

import { Camera } from "./camera.js";
import { drawBoxes, shown } from "./drawing.js";
import { NeedsToken, describe, detect, keepToken, takeTokenFromAddress } from "./service.js";

const at = (id) => document.getElementById(id);
const [stage, picture, overlay, video] = ["stage", "picture", "overlay", "video"].map(at);
const camera = new Camera(video);
let answer = null; // of the picture that is on the stage
let asked = 0; // pictures so far: an answer that comes after the next picture is not drawn
let again = () => {}; // what to do once there is a token

function threshold() {
  return Number(at("threshold").value);
}

function say(text) {
  at("status").textContent = text;
}

function complain(error) {
  at("error").textContent = error.message;
  at("error").hidden = false;
  at("login").hidden = !(error instanceof NeedsToken);
  if (error instanceof NeedsToken) at("token").focus();
}

function show(given) {
  answer = given;
  at("error").hidden = at("login").hidden = true;
  redraw();
}

function redraw() {
  at("shown").textContent = threshold().toFixed(2);
  if (!answer) return;
  drawBoxes(overlay, answer, threshold());
  const rows = shown(answer, threshold()).map((one) => {
    const row = document.createElement("li");
    row.textContent = `${one.category} ${one.score.toFixed(2)}`;
    return row;
  });
  at("found").replaceChildren(...rows);
}

function clear() {
  answer = null;
  overlay.width = overlay.height = 0;
  at("found").replaceChildren();
}

async function lookAt(file) {
  if (!file) return;
  stopLive();
  again = () => lookAt(file);
  const turn = ++asked;
  clear();
  at("error").hidden = true;
  say("Looking…");
  await display(file);
  try {
    const given = await detect(file);
    if (turn !== asked) return;
    show(given);
    say(`${given.width} × ${given.height} pixels, ${given.detections.length ? "looked at" : "nothing found"}.`);
  } catch (error) {
    if (turn !== asked) return;
    complain(error);
    say("Nothing to show.");
  }
}

// A browser that cannot read the file leaves the stage empty; the service then says what is wrong with it.
async function display(file) {
  const bitmap = await createImageBitmap(file).catch(() => null);
  stage.classList.toggle("empty", !bitmap);
  if (!bitmap) return;
  keepInSight(bitmap.width / bitmap.height);
  picture.hidden = false;
  picture.width = bitmap.width;
  picture.height = bitmap.height;
  picture.getContext("2d").drawImage(bitmap, 0, 0);
  bitmap.close();
}

function keepInSight(aspect) {
  stage.style.setProperty("--aspect", aspect);
}

async function startLive() {
  again = startLive;
  clear();
  at("error").hidden = true;
  try {
    await camera.start();
  } catch (error) {
    complain(error);
    return;
  }
  stage.classList.remove("empty");
  keepInSight(video.videoWidth / video.videoHeight);
  picture.hidden = true;
  video.hidden = false;
  at("live").setAttribute("aria-pressed", "true");
  at("live").textContent = "Stop the camera";
  at("turn").hidden = !(await camera.hasAnother());
  await liveLoop(++asked);
}

async function liveLoop(turn) {
  while (camera.running && turn === asked) {
    const began = performance.now();
    try {
      const given = await detect(await camera.take());
      if (!camera.running || turn !== asked) return;
      show(given);
    } catch (error) {
      stopLive();
      complain(error);
      return;
    }
    const passed = performance.now() - began;
    say(`Live: ${(1000 / passed).toFixed(1)} pictures a second, ${passed.toFixed(0)} ms each.`);
  }
}

function stopLive() {
  if (!camera.running) return;
  asked++;
  camera.stop();
  video.hidden = true;
  at("turn").hidden = true;
  at("live").setAttribute("aria-pressed", "false");
  at("live").textContent = "Live camera";
  stage.classList.add("empty");
  clear();
  say("Ready.");
}

at("choose").addEventListener("click", () => at("file").click());
at("snap").addEventListener("click", () => at("capture").click());
for (const id of ["file", "capture"]) {
  at(id).addEventListener("change", (event) => {
    lookAt(event.target.files[0]);
    event.target.value = ""; // the same file may be chosen again
  });
}
at("live").addEventListener("click", () => (camera.running ? stopLive() : startLive()));
at("turn").addEventListener("click", () => camera.turn().catch(complain));
at("threshold").addEventListener("input", redraw);
at("login").addEventListener("submit", (event) => {
  event.preventDefault();
  keepToken(at("token").value);
  again();
});
document.addEventListener("keydown", (event) => event.key === "Escape" && stopLive());
document.addEventListener("paste", (event) => {
  const file = [...event.clipboardData.files][0];
  if (file) lookAt(file);
});
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  stage.classList.add("over");
});
document.addEventListener("dragleave", (event) => event.relatedTarget ?? stage.classList.remove("over"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  stage.classList.remove("over");
  lookAt(event.dataTransfer.files[0]);
});
window.addEventListener("resize", redraw);

takeTokenFromAddress();
describe()
  .then(({ model, size, classes }) => {
    const named = classes.length > 4 ? `${classes.slice(0, 3).join(", ")} and ${classes.length - 3} more` : classes.join(", ");
    at("model").textContent = `${model}, ${size} × ${size}: ${named}`;
  })
  .catch(() => complain(new Error("The service does not answer. Is it still running?")));
if ("serviceWorker" in navigator) navigator.serviceWorker.register("worker.js").catch(() => say("Ready (not installable here: that needs https://)."));

// Boxes over an image, in its pixels; the style sheet stretches the canvas over it.

const COLOURS = ["#ff781e", "#4696ff", "#f046a0", "#fad232", "#9664ff", "#28d2d2"];

const colours = new Map();

// The classes of the model, in its order: each keeps its colour from image to image, as in `trainer predict`.
export function setClasses(classes) {
  colours.clear();
  for (const [index, name] of classes.entries()) colours.set(name, COLOURS[index % COLOURS.length]);
}

export function colourOf(category) {
  return colours.get(category) ?? COLOURS[0];
}

export function drawBoxes(canvas, answer, threshold) {
  canvas.width = answer.width;
  canvas.height = answer.height;
  const context = canvas.getContext("2d");
  // Lines are equally thick on the screen, whatever the size of the image.
  const scale = answer.width / (canvas.clientWidth || answer.width);
  context.lineWidth = 3 * scale;
  context.font = `${14 * scale}px system-ui, sans-serif`;
  context.textBaseline = "top";
  for (const one of shown(answer, threshold).reverse()) {
    const [x, y, width, height] = one.bbox;
    context.strokeStyle = context.fillStyle = colourOf(one.category);
    context.strokeRect(x, y, width, height);
    drawLabel(context, `${one.category} ${one.score.toFixed(2)}`, x, y, scale);
  }
}

export function shown(answer, threshold) {
  return answer.detections.filter((one) => one.score >= threshold);
}

function drawLabel(context, text, x, y, scale) {
  const width = context.measureText(text).width + 8 * scale;
  const height = 20 * scale;
  const left = Math.max(0, Math.min(x, context.canvas.width - width));
  const top = y >= height ? y - height : Math.max(0, y);
  context.fillRect(left, top, width, height);
  context.fillStyle = "#000";
  context.fillText(text, left + 4 * scale, top + 3 * scale);
}

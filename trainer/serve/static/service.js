// The service behind the page: one image in, its detections out.

// Detections are requested down to this confidence; the slider then only selects among them.
export const LOWEST = 0.05;
const TOKEN = "wardsynth-token";

export class NeedsToken extends Error {}

export function takeTokenFromAddress() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token) {
    keepToken(token);
    history.replaceState(null, "", location.pathname); // not into bookmarks and screenshots
  }
}

export function keepToken(token) {
  localStorage.setItem(TOKEN, token);
}

export async function describe() {
  return (await fetch("health")).json();
}

export async function detect(image) {
  const form = new FormData();
  form.append("my_image", image, "image");
  const token = localStorage.getItem(TOKEN);
  let answer;
  try {
    answer = await fetch(`detector?conf=${LOWEST}`, {
      method: "POST",
      body: form,
      headers: token ? { Authorization: `Bearer ${token}` } : {},
    });
  } catch {
    throw new Error("The service does not answer. Is it still running?");
  }
  if (answer.status === 401) throw new NeedsToken("This service needs a token. Enter it below.");
  const content = await answer.json().catch(() => ({ error: `the service answered with status ${answer.status}` }));
  if (!answer.ok) throw new Error(`The image was refused: ${content.error}`);
  return content;
}

// The service behind the page: one picture in, its detections out.

// The list is asked for down to here once; the slider then only chooses from it.
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

export async function detect(picture) {
  const form = new FormData();
  form.append("my_image", picture, "picture");
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
  if (answer.status === 401) throw new NeedsToken("The service asks for its token.");
  const said = await answer.json().catch(() => ({ error: `The service answered ${answer.status}.` }));
  if (!answer.ok) throw new Error(`Not accepted: ${said.error}`);
  return said;
}

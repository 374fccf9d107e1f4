"use strict";
// Tells relying parties, which frame this document and ask "client_id session_state", whether the state of the browser's
// session is still the one that they were told (OpenID Connect Session Management 1.0, 3.2). It answers the one who asked
// and nobody else, and never tells the state itself.
const cookieName = document.documentElement.dataset.cookie;

const browserState = () => {
  const found = document.cookie.split("; ").find(cookie => cookie.startsWith(cookieName + "="));
  return found === undefined ? "" : found.slice(cookieName.length + 1);
};

const base64url = octets =>
  btoa(String.fromCharCode(...octets)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const sessionState = async (clientId, origin, salt) => {
  const text = new TextEncoder().encode([clientId, origin, browserState(), salt].join(" "));
  const hash = await crypto.subtle.digest("SHA-256", text);
  return base64url(new Uint8Array(hash)) + "." + salt;
};

const answerTo = async (question, origin) => {
  if (typeof question !== "string") return "error";
  const asked = /^(\S(?:.*\S)?) ([A-Za-z0-9_-]{43}\.([A-Za-z0-9_-]+))$/.exec(question);
  if (asked === null) return "error";
  return (await sessionState(asked[1], origin, asked[3])) === asked[2] ? "unchanged" : "changed";
};

addEventListener("message", async event => {
  if (event.source === null || event.origin === "null") return; // nobody to answer
  event.source.postMessage(await answerTo(event.data, event.origin), event.origin);
});

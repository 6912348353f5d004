// The QR code carries the passcode behind a #, which browsers never send to a server.

const passcode = /** @type {HTMLInputElement} */ (document.querySelector("#passcode"));
const visitor = /** @type {HTMLInputElement} */ (document.querySelector("#name"));

if (location.hash.startsWith("#persona=")) {
  // A link to a persona: the address that the form leads to inherits what stands behind its #.
  /** @type {HTMLFormElement} */ (document.querySelector("form")).action += location.hash;
} else if (location.hash) {
  passcode.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
(visitor.value ? passcode : visitor).focus();

// An iPad claims to be a Mac, but it has a touch screen; like an iPhone, it installs a profile.
/** @type {HTMLInputElement} */ (document.querySelector("#touch-points")).value = String(Math.min(9, navigator.maxTouchPoints));
const steps = /** @type {HTMLDetailsElement | null} */ (document.querySelector("#steps-ios"));
const certificate = /** @type {HTMLAnchorElement | null} */ (document.querySelector("#certificate"));
if (steps && certificate && navigator.userAgent.includes("Macintosh") && navigator.maxTouchPoints > 1) {
  for (const each of document.querySelectorAll("details")) each.open = each === steps;
  certificate.href = "/join/parley.mobileconfig";
  certificate.removeAttribute("download");
}

// The QR code carries the passcode behind a #, which browsers never send to a server.

const passcode = /** @type {HTMLInputElement} */ (document.querySelector("#passcode"));
const visitor = /** @type {HTMLInputElement} */ (document.querySelector("#name"));

if (location.hash) {
  passcode.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
(visitor.value ? passcode : visitor).focus();

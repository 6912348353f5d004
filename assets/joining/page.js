// The QR code carries the passcode behind a #, which no browser sends to anybody.

/** @type {HTMLInputElement} */
const passcode = document.querySelector("#passcode");
/** @type {HTMLInputElement} */
const name = document.querySelector("#name");

if (location.hash) {
  passcode.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}
(name.value ? passcode : name).focus();

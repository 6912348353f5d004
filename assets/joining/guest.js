// Runs on a guest's page.

// When the socket is refused, the visit may be over; the joining page explains that.
const waiting = setInterval(() => {
  if (!window.socket) return; // NiceGUI opens it once the page has loaded
  clearInterval(waiting);
  window.socket.on("connect_error", async () => {
    const answer = await fetch("/join/visit").catch(() => null); // without network there is no answer
    if (answer?.status === 401) location.assign("/join?over");
  });
}, 100);

// Reports that the guest leaves. Not by sendBeacon, which under our referrer policy sends no origin, so that the door
// would refuse it.
addEventListener("pagehide", () => {
  fetch(`/farewell/${window.clientId}`, { method: "POST", keepalive: true }).catch(() => {});
});

// On a guest's page.

// When the socket is not let in again, the visit may be over, and then the joining page says so.
const looking = setInterval(() => {
  if (!window.socket) return; // NiceGUI opens it when the page is there
  clearInterval(looking);
  window.socket.on("connect_error", async () => {
    const answer = await fetch("/join/visit").catch(() => null); // nobody answers while the network is away
    if (answer?.status === 401) location.assign("/join?over");
  });
}, 100);

// Who leaves says so. Not by sendBeacon: under our policy for referrers it hides from the gate where it comes from.
addEventListener("pagehide", () => {
  fetch(`/farewell/${window.clientId}`, { method: "POST", keepalive: true }).catch(() => {});
});

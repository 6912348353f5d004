/** How long an answer may take. A network that is cut answers nothing, and its connections hang for many seconds. */
const PROBE_MS = 800;
const PAUSE_MS = 300;
/** How long Parley must have been within reach before a silent service is called all the same, maybe by the relay. */
const SERVICE_MS = 5_000;

/**
 * Waits until the network is back: until Parley answers, and the service if the browser calls it directly. Then lets
 * the page's socket connect anew at once, since by itself it may wait for many seconds.
 * @param {string | undefined} service a URL of the service
 * @param {AbortSignal} signal ends the wait, and the promise rejects
 */
export async function networkIsBack(service, signal) {
  let wasAway = false;
  let parleySince = Infinity;
  for (;;) {
    signal.throwIfAborted();
    if (!(await answers(import.meta.url, "GET", signal))) {
      wasAway = true;
      parleySince = Infinity;
    } else {
      if (wasAway) reconnectSocket();
      wasAway = false;
      parleySince = Math.min(parleySince, performance.now());
      const isEnough = !isElsewhere(service) || performance.now() - parleySince > SERVICE_MS;
      if (isEnough || (await answers(String(service), "HEAD", signal))) return;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** @param {string | undefined} url */
function isElsewhere(url) {
  return Boolean(url) && new URL(String(url), location.href).origin !== location.origin;
}

/**
 * Whether a server answers at all; an error is an answer, too.
 * @param {string} url
 * @param {"GET" | "HEAD"} method
 * @param {AbortSignal} signal
 */
async function answers(url, method, signal) {
  const probe = new AbortController();
  const stop = () => probe.abort();
  const timer = setTimeout(stop, PROBE_MS);
  signal.addEventListener("abort", stop);
  try {
    await fetch(url, { method, mode: "no-cors", cache: "no-store", signal: probe.signal });
    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    stop(); // the rest of the answer is not needed
    signal.removeEventListener("abort", stop);
  }
}

function reconnectSocket() {
  const { socket } = window;
  if (!socket) return;
  socket.disconnect();
  socket.connect();
}

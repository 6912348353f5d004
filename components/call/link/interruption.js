/** In session storage: which run of the program a live call belonged to. */
const LIVE_CALL = "parley.call";

export function noteLiveCall(run) {
  sessionStorage.setItem(LIVE_CALL, run);
}

export function forgetLiveCall() {
  sessionStorage.removeItem(LIVE_CALL);
}

/**
 * Whether this page was loaded because the program was restarted in the middle of a call. Told once.
 * @param {string} run this run of the program
 */
export function wasInterrupted(run) {
  const interrupted = sessionStorage.getItem(LIVE_CALL);
  forgetLiveCall();
  const [{ type }] = performance.getEntriesByType("navigation");
  return Boolean(interrupted) && interrupted !== run && type === "reload"; // who came back had left by themselves
}

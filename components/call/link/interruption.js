/** Session storage: the run of the program to which this page's live call belongs. */
const LIVE_CALL = "parley.call";

/** In place of a run: the program still runs, but has forgotten the page. */
export const FORGOTTEN = "forgotten";

/** @param {string} run of the program */
export function noteLiveCall(run) {
  sessionStorage.setItem(LIVE_CALL, run);
}

export function forgetLiveCall() {
  sessionStorage.removeItem(LIVE_CALL);
}

/**
 * Tells whether this page was reloaded because the program restarted, or forgot the page, during a call. True at most once per call.
 * @param {string} run the current run of the program
 */
export function wasInterrupted(run) {
  const interrupted = sessionStorage.getItem(LIVE_CALL);
  forgetLiveCall();
  const [navigation] = performance.getEntriesByType("navigation");
  // users who navigated away ended the call themselves
  const reloaded = /** @type {PerformanceNavigationTiming} */ (navigation).type === "reload";
  return Boolean(interrupted) && interrupted !== run && reloaded;
}

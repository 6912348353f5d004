/** Session storage: the run of the program to which this page's live call belongs. */
const LIVE_CALL = "parley.call";
/** Session storage: whether that call has no microphone. */
const IN_WRITING = "parley.call.in_writing";

/** In place of a run: the program still runs, but has forgotten the page. */
export const FORGOTTEN = "forgotten";

/** @param {string} run of the program */
export function noteLiveCall(run) {
  sessionStorage.setItem(LIVE_CALL, run);
}

/** @param {boolean} withMicrophone whether the page's latest call has one */
export function noteMicrophone(withMicrophone) {
  if (withMicrophone) sessionStorage.removeItem(IN_WRITING);
  else sessionStorage.setItem(IN_WRITING, "yes");
}

/** Whether the page's latest call had a microphone, also before a reload. */
export function hadMicrophone() {
  return !sessionStorage.getItem(IN_WRITING);
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

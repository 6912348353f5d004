import { FORGOTTEN, noteLiveCall } from "./interruption.js";

/**
 * @typedef {object} LeavingPage
 * @property {() => boolean} isCalling
 * @property {() => boolean} isLive
 * @property {() => boolean} isInTouch whether its socket to Parley is open
 * @property {() => string | undefined} failure code of the failure that it shows
 * @property {() => void} onLeft the page goes
 */

/** Watches how people and programs leave a page: asks before a call is lost, and notes what the next page has to know. */
export class Leaving {
  /** @param {LeavingPage} page @param {AbortSignal} signal ends it */
  constructor(page, signal) {
    this.page = page;
    window.addEventListener("pagehide", () => page.onLeft(), { signal });
    window.addEventListener("may-reload", (event) => this.askToStay(event), { signal });
    window.addEventListener("beforeunload", (event) => this.askBefore(event), { signal });
  }

  /**
   * Lets the browser ask before a person leaves a call. A page that has lost Parley is reloaded by NiceGUI, unasked.
   * @param {BeforeUnloadEvent} event
   */
  askBefore(event) {
    if (this.page.isCalling() && this.page.isInTouch()) event.preventDefault();
  }

  /**
   * Keeps a page that Parley has forgotten while its call is live, or while it says why the call ended. A call that
   * needs a ticket can only go on in the next page.
   * @param {Event} event
   */
  askToStay(event) {
    const failure = this.page.failure();
    if (this.page.isLive() || (failure && failure !== "server_lost")) event.preventDefault();
    else if (this.page.isCalling()) noteLiveCall(FORGOTTEN);
  }
}

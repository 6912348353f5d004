/** Keeps the screen awake during a call, if the browser can. A hidden page loses the lock, so it is requested again. */
export class WakeLock {
  constructor() {
    this.wanted = false;
    /** @type {WakeLockSentinel | null} */
    this.lock = null;
    this.renew = () => document.visibilityState === "visible" && this.request();
  }

  hold() {
    if (this.wanted) return;
    this.wanted = true;
    document.addEventListener("visibilitychange", this.renew);
    this.request();
  }

  release() {
    this.wanted = false;
    document.removeEventListener("visibilitychange", this.renew);
    this.lock?.release();
    this.lock = null;
  }

  async request() {
    const lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null; // refused on a low battery
    if (this.wanted) this.lock = lock;
    else lock?.release();
  }
}

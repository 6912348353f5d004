/** Keeps the screen awake during a call, where the browser can. A hidden page loses the lock, so it is taken again. */
export class WakeLock {
  constructor() {
    this.wanted = false;
    this.look = () => document.visibilityState === "visible" && this.take();
  }

  hold() {
    if (this.wanted) return;
    this.wanted = true;
    document.addEventListener("visibilitychange", this.look);
    this.take();
  }

  release() {
    this.wanted = false;
    document.removeEventListener("visibilitychange", this.look);
    this.lock?.release();
    this.lock = null;
  }

  async take() {
    const lock = await navigator.wakeLock?.request("screen").catch(() => null); // refused on a low battery: no harm
    if (this.wanted) this.lock = lock;
    else lock?.release();
  }
}

const MODULE = new URL("./first_words_worklet.js", import.meta.url);

/**
 * What the microphone hears before the call is live, so that a sentence begun at the click arrives whole.
 *
 * Its `track` is sent in place of the microphone's own until it has caught up. The protocol has another way, to append
 * the sound to the service's buffer by events; but over WebRTC most services refuse that, and nothing puts such sound
 * in order with what the track sends. This way needs no service to know of it.
 */
export class FirstWords {
  /**
   * @param {AudioContext} context
   * @param {(given: boolean) => void} onDone from now on, the microphone's own track is to be sent; was there anything
   *   to give before?
   */
  constructor(context, onDone) {
    this.context = context;
    this.onDone = onDone;
    this.over = false;
    this.destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    [this.track] = this.destination.stream.getAudioTracks();
    this.prepare().catch(() => {}); // a browser that cannot do this goes on without
  }

  async prepare() {
    await this.context.audioWorklet.addModule(MODULE);
    if (this.over) return;
    this.node = new AudioWorkletNode(this.context, "first-words", { channelCount: 1, channelCountMode: "explicit" });
    this.node.port.onmessage = ({ data }) => this.finish(data === "given");
    this.node.connect(this.destination);
    this.source?.connect(this.node);
  }

  /** Listens to a microphone, the first one or another in its place. @param {MediaStream} stream */
  hear(stream) {
    this.source?.disconnect();
    try {
      this.source = this.context.createMediaStreamSource(stream);
      if (this.node) this.source.connect(this.node);
    } catch {
      this.finish(false); // a browser that does not join sounds of different rates
    }
  }

  /** Somebody listens now. */
  give() {
    if (!this.node || this.context.state !== "running") return this.finish(false);
    this.node.port.postMessage("give");
    this.context.addEventListener("statechange", () => this.finish(true), { once: true }); // a phone that rings stops it
  }

  /** What was said until now stays unsaid. */
  forget() {
    this.node?.port.postMessage("forget");
  }

  finish(given) {
    if (this.over) return;
    this.close();
    this.onDone(given);
  }

  close() {
    this.over = true;
    this.track.stop();
    this.source?.disconnect();
    this.node?.disconnect();
    this.node?.port.postMessage("close");
  }
}

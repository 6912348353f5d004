const MODULE = import.meta.resolve("first_words_worklet");

/** Fetches the worklet with what it imports, so that it can listen as soon as the microphone opens. */
export function fetchWorklet() {
  for (const module of [MODULE, new URL("kept_sound.js", MODULE)]) fetch(module).catch(() => {}); // only to have it cached
}

/**
 * Keeps what the microphone hears before the call is live, so that a sentence begun at the click arrives whole.
 *
 * Its `track` is sent in place of the microphone's own until it has caught up. The protocol offers another way, appending
 * sound to the service's buffer by events; but over WebRTC most services refuse that, and such sound has no defined order
 * with the track. This way needs no support by the service.
 */
export class FirstWords {
  /**
   * @param {AudioContext} context
   * @param {(sent: boolean) => void} onDone the microphone's own track is to be sent from now on; was any sound sent late?
   */
  constructor(context, onDone) {
    this.context = context;
    this.onDone = onDone;
    this.over = false;
    /** @type {MediaStreamAudioSourceNode | undefined} */
    this.source = undefined;
    /** @type {AudioWorkletNode | undefined} */
    this.node = undefined;
    this.destination = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
    this.track = this.destination.stream.getAudioTracks()[0];
    this.prepare().catch(() => {}); // a browser without worklets continues without first words
  }

  async prepare() {
    await this.context.audioWorklet.addModule(MODULE);
    if (this.over) return;
    this.node = new AudioWorkletNode(this.context, "first-words", { channelCount: 1, channelCountMode: "explicit" });
    this.node.port.onmessage = ({ data }) => this.finish(data === "sent");
    this.node.connect(this.destination);
    this.source?.connect(this.node);
  }

  /** Listens to a microphone, in place of the one before. @param {MediaStream} stream */
  listenTo(stream) {
    this.source?.disconnect();
    try {
      this.source = this.context.createMediaStreamSource(stream);
      if (this.node) this.source.connect(this.node);
    } catch {
      this.finish(false); // Firefox does not connect streams and contexts of different rates
    }
  }

  /** The call is live: sends what was kept. */
  send() {
    if (!this.node || this.context.state !== "running") return this.finish(false);
    this.node.port.postMessage("send");
    this.context.addEventListener("statechange", () => this.finish(true), { once: true }); // a ringing phone suspends it
  }

  /** Discards what was kept so far. */
  forget() {
    this.node?.port.postMessage("forget");
  }

  /** @param {boolean} sent */
  finish(sent) {
    if (this.over) return;
    this.close();
    this.onDone(sent);
  }

  close() {
    this.over = true;
    this.track.stop();
    this.source?.disconnect();
    if (!this.node) return;
    this.node.disconnect();
    const { port } = this.node;
    port.postMessage("close");
    port.onmessage = null; // Chromium keeps a port that has one, and with it the whole call
    port.close(); // and, without it, the port alone
  }
}

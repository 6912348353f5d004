const SAMPLES_PER_MS = 24;

/**
 * @typedef {object} Track The sound of one part of an item.
 * @property {string} response_id
 * @property {string} item_id
 * @property {number} content_index
 * @property {number} received samples
 * @property {boolean} complete no more of it comes
 * @property {boolean} over played to its end, or cut
 */

/**
 * @typedef {object} Voiced A response, as far as its sound goes.
 * @property {boolean} aside outside of the conversation, so nothing of it can be truncated
 * @property {boolean} made
 * @property {boolean} started
 * @property {boolean} cut
 */

/**
 * What the browser must know of sound that it plays itself. Over WebRTC the service plays, and tells; this tells the same
 * events, `output_audio_buffer.started`, `stopped` and `cleared`, by what was really played, and has the service forget
 * what was not. Pure: the player is a function to call, and calls back.
 */
export class Playback {
  /**
   * @param {object} options
   * @param {(message: object, transfer?: Transferable[]) => void} options.play to the player, see realtime_player_worklet
   * @param {(event: object) => void} options.onEvent an event of the service, or one as if it were
   * @param {(event: object) => void} options.send to the service
   */
  constructor({ play, onEvent, send }) {
    Object.assign(this, { play, onEvent, send });
    /** @type {Map<number, Track>} */
    this.tracks = new Map();
    /** @type {Map<string, Voiced>} by response id, until made and played */
    this.responses = new Map();
    this.interruptible = true; // whether the service lets speech interrupt
    this.told = 0;
  }

  /** @param {{ track: number, response_id: string, item_id: string, content_index: number }} track */
  addTrack({ track, response_id, item_id, content_index }) {
    this.tracks.set(track, { response_id, item_id, content_index, received: 0, complete: false, over: false });
  }

  /** @param {ArrayBuffer} frame two numbers of 32 bits, track and place, and samples of 16 bits, all little-endian */
  addSound(frame) {
    const view = new DataView(frame);
    const number = view.getUint32(0, true);
    const at = view.getUint32(4, true);
    const track = this.tracks.get(number);
    if (!track || track.complete || track.over || this.response(track.response_id).cut) return;
    const samples = new Int16Array(frame, 8); // every browser runs on little-endian machines
    track.received = at + samples.length;
    this.play({ track: number, at, samples }, [frame]);
  }

  /** Takes an event of the service, and passes it on. */
  hear(event) {
    if (event.type === "response.created") this.response(event.response.id).aside = event.response.conversation_id === null;
    this.onEvent(event);
    const ends = AFTER[event.type];
    if (ends) ends.call(this, event);
  }

  /** Takes what the player tells. */
  follow({ begun, ended, flushed }) {
    if (begun !== undefined) this.begin(this.tracks.get(begun).response_id);
    else if (ended !== undefined) this.finish(this.tracks.get(ended)); // unless it was cut before it heard of its end
    else this.clear(flushed);
  }

  /** Falls silent at once, and stays so for the answers of which there is, or could come, sound. */
  flush() {
    for (const response of this.responses.values()) response.cut = true;
    this.play({ flush: true });
  }

  /** @returns {Voiced} */
  response(id) {
    if (!this.responses.has(id)) this.responses.set(id, { aside: false, made: false, started: false, cut: false });
    return this.responses.get(id);
  }

  begin(id) {
    const response = this.response(id);
    if (response.started || response.cut) return;
    response.started = true;
    this.tell("output_audio_buffer.started", id);
  }

  /** @param {Track} [track] */
  finish(track) {
    if (!track) return;
    track.over = true;
    this.settle(track.response_id);
  }

  /** @param {(track: Track) => boolean} which */
  complete(which) {
    for (const [number, track] of this.tracks) {
      if (track.complete || !which(track)) continue;
      track.complete = true;
      this.play({ track: number, end: true });
    }
  }

  /** @param {{ track: number, played: number }[]} flushed */
  clear(flushed) {
    const cleared = new Set([...this.responses].filter(([, { started, cut }]) => started && cut).map(([id]) => id));
    for (const { track, played } of flushed) this.truncate(this.tracks.get(track), played);
    for (const id of cleared) this.tell("output_audio_buffer.cleared", id);
    for (const id of [...this.responses.keys()]) this.settle(id);
  }

  /** @param {Track} track @param {number} played samples */
  truncate(track, played) {
    track.over = true;
    if (this.response(track.response_id).aside) return;
    const { item_id, content_index, received } = track;
    const audio_end_ms = Math.floor(Math.min(played, received) / SAMPLES_PER_MS);
    this.send({ type: "conversation.item.truncate", item_id, content_index, audio_end_ms });
  }

  /** Forgets a response that has been made, and played or cut. */
  settle(id) {
    const response = this.responses.get(id);
    const sounding = [...this.tracks.values()].some((track) => track.response_id === id && !track.over);
    if (!response?.made || sounding) return;
    this.responses.delete(id);
    for (const [number, track] of this.tracks) if (track.response_id === id) this.tracks.delete(number);
    if (response.started && !response.cut) this.tell("output_audio_buffer.stopped", id);
  }

  tell(type, response_id) {
    this.onEvent({ type, event_id: `event_relay_${++this.told}`, response_id });
  }
}

/** What follows from an event of the service. @type {Record<string, (this: Playback, event: any) => void>} */
const AFTER = {
  "session.created": rememberInterruption,
  "session.updated": rememberInterruption,
  "input_audio_buffer.speech_started"() {
    if (this.interruptible) this.flush(); // the service cancels the response by itself
  },
  "response.output_audio.done"({ item_id, content_index }) {
    this.complete((track) => track.item_id === item_id && track.content_index === content_index);
  },
  "response.done"({ response: { id } }) {
    this.response(id).made = true;
    this.complete((track) => track.response_id === id);
    this.settle(id);
  },
};

/** @this {Playback} */
function rememberInterruption({ session }) {
  this.interruptible = session?.audio?.input?.turn_detection?.interrupt_response !== false;
}

const SAMPLES_PER_MS = 24;

/** @typedef {import("./player_worklet.js").PlayerCommand} PlayerCommand */
/** @typedef {import("./player_worklet.js").PlayerReport} PlayerReport */

/**
 * @typedef {object} Track The sound of one content part of an item.
 * @property {string} response_id
 * @property {string} item_id
 * @property {number} content_index
 * @property {number} received samples
 * @property {boolean} complete whether all of it has arrived
 * @property {boolean} over played to its end, or cut
 */

/**
 * @typedef {object} PlayedResponse
 * @property {boolean} outOfBand not part of the conversation, so that nothing of it can be truncated
 * @property {boolean} done generated
 * @property {boolean} started
 * @property {boolean} cut
 */

/**
 * Stands in for the service where the browser plays the sound itself. Over WebRTC the service plays it and reports how
 * far; this makes the same events (`output_audio_buffer.started`, `stopped`, `cleared`) from what was really played, and
 * truncates what was not played. Pure: the player is a function to call, and reports back.
 */
export class Playback {
  /**
   * @param {object} options
   * @param {(command: PlayerCommand, transfer?: Transferable[]) => void} options.play to the player, see player_worklet
   * @param {(event: RealtimeEvent) => void} options.onEvent an event of the service, or one made here in its place
   * @param {(event: RealtimeEvent) => void} options.send to the service
   */
  constructor({ play, onEvent, send }) {
    this.play = play;
    this.onEvent = onEvent;
    this.send = send;
    /** @type {Map<number, Track>} */
    this.tracks = new Map();
    /** @type {Map<string, PlayedResponse>} by response id, until generated and played */
    this.responses = new Map();
    this.interruptible = true; // whether speech interrupts, by the session
    this.made = 0; // how many events were made here
  }

  /** @param {RealtimeEvent} event `relay.track`, which announces sound */
  addTrack({ track, response_id, item_id, content_index }) {
    this.tracks.set(track, { response_id, item_id, content_index, received: 0, complete: false, over: false });
  }

  /** @param {ArrayBuffer} frame two numbers of 32 bits, track and place, then samples of 16 bits, all little-endian */
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

  /** Handles an event of the service, and passes it on. @param {RealtimeEvent} event */
  receive(event) {
    if (event.type === "response.created")
      this.response(event.response.id).outOfBand = event.response.conversation_id === null;
    this.onEvent(event);
    HANDLERS[event.type]?.(this, event);
  }

  /** Handles a report of the player. @param {PlayerReport} report */
  follow({ begun, ended, flushed }) {
    if (begun !== undefined) this.begin(this.tracks.get(begun));
    else if (ended !== undefined) this.finish(this.tracks.get(ended));
    else if (flushed) this.clear(flushed);
  }

  /** Silences all current responses at once and for good. */
  flush() {
    for (const response of this.responses.values()) response.cut = true;
    this.play({ flush: true });
  }

  /** @param {string} id @returns {PlayedResponse} */
  response(id) {
    const response = this.responses.get(id) ?? { outOfBand: false, done: false, started: false, cut: false };
    this.responses.set(id, response);
    return response;
  }

  /** @param {Track} [track] */
  begin(track) {
    if (!track) return;
    const response = this.response(track.response_id);
    if (response.started || response.cut) return;
    response.started = true;
    this.report("output_audio_buffer.started", track.response_id);
  }

  /** @param {Track} [track] undefined if it was cut before the player knew of its end */
  finish(track) {
    if (!track) return;
    track.over = true;
    this.settle(track.response_id);
  }

  /** @param {(track: Track) => boolean} which tracks have arrived to their end */
  complete(which) {
    for (const [number, track] of this.tracks) {
      if (track.complete || !which(track)) continue;
      track.complete = true;
      this.play({ track: number, end: true });
    }
  }

  /** @param {import("./player_worklet.js").Cut[]} flushed */
  clear(flushed) {
    const cleared = [...this.responses].filter(([, { started, cut }]) => started && cut).map(([id]) => id);
    for (const { track, played } of flushed) this.truncate(this.tracks.get(track), played);
    for (const id of cleared) this.report("output_audio_buffer.cleared", id);
    for (const id of [...this.responses.keys()]) this.settle(id);
  }

  /** @param {Track | undefined} track @param {number} played samples */
  truncate(track, played) {
    if (!track) return;
    track.over = true;
    if (this.response(track.response_id).outOfBand) return;
    const { item_id, content_index, received } = track;
    const audio_end_ms = Math.floor(Math.min(played, received) / SAMPLES_PER_MS);
    this.send({ type: "conversation.item.truncate", item_id, content_index, audio_end_ms });
  }

  /** Forgets a response once it is generated, and played or cut. @param {string} id */
  settle(id) {
    const response = this.responses.get(id);
    const isPlaying = [...this.tracks.values()].some((track) => track.response_id === id && !track.over);
    if (!response?.done || isPlaying) return;
    this.responses.delete(id);
    for (const [number, track] of this.tracks) if (track.response_id === id) this.tracks.delete(number);
    if (response.started && !response.cut) this.report("output_audio_buffer.stopped", id);
  }

  /** @param {string} type @param {string} response_id */
  report(type, response_id) {
    this.onEvent({ type, event_id: `event_relay_${++this.made}`, response_id });
  }
}

/** @type {Record<string, (playback: Playback, event: RealtimeEvent) => void>} */
const HANDLERS = {
  "session.created": rememberInterruptible,
  "session.updated": rememberInterruptible,
  "input_audio_buffer.speech_started"(playback) {
    if (playback.interruptible) playback.flush(); // the service cancels the response by itself
  },
  "response.output_audio.done"(playback, { item_id, content_index }) {
    playback.complete((track) => track.item_id === item_id && track.content_index === content_index);
  },
  "response.done"(playback, { response: { id } }) {
    playback.response(id).done = true;
    playback.complete((track) => track.response_id === id);
    playback.settle(id);
  },
};

/** @param {Playback} playback @param {RealtimeEvent} event */
function rememberInterruptible(playback, { session }) {
  playback.interruptible = session?.audio?.input?.turn_detection?.interrupt_response !== false;
}

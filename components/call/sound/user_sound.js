import { FirstWords } from "./first_words.js";
import { Microphone } from "./microphone.js";
import { MutedSpeech } from "./muted_speech.js";
import { isDead } from "./silence.js";

/**
 * The user's sound in one call: from the microphone, while that is open, to whatever connection the call has. What is
 * said while there is none is kept, and sent later.
 */
export class UserSound {
  /**
   * @param {object} options
   * @param {AudioContext} options.context
   * @param {Pick<import("turns").Turns, "open" | "ended">} options.turns taken by hand
   * @param {(track: MediaStreamTrack) => void} options.send sends a track by the connection of now
   * @param {(sent: boolean) => void} options.onCaughtUp nothing is late any more; `sent`: something was, until now
   * @param {(stream: MediaStream) => void} options.onStream
   * @param {(move: import("./microphone.js").Move, label: string) => void} options.onMoved another microphone is used
   * @param {(trouble: import("./microphone.js").Trouble) => void} options.onTrouble the microphone hears nothing, or again
   * @param {() => void} options.onRateChanged the context does not fit the microphone any more, see `useContext`
   * @param {(speaking: boolean) => void} options.onMutedSpeech the user speaks while muted, or no longer
   */
  constructor({ context, turns, send, onCaughtUp, onStream, onMoved, onTrouble, onRateChanged, onMutedSpeech }) {
    this.context = context;
    this.turns = turns;
    this.sendTrack = send;
    this.onCaughtUp = onCaughtUp;
    this.onStream = onStream;
    this.onRateChanged = onRateChanged;
    this.muted = this.byHand = this.closed = false;
    /** @type {FirstWords | undefined} */
    this.firstWords = undefined;
    this.mutedSpeech = new MutedSpeech(onMutedSpeech);
    this.microphone = new Microphone({ onStream: (stream) => this.attach(stream), onMoved, onTrouble });
  }

  /**
   * Opens a microphone in place of the one before, or the same one with other processing.
   * @param {import("./devices.js").Sound} sound
   * @throws {CallFailure} the microphone before continues
   */
  async open(sound) {
    await this.microphone.open(sound);
  }

  /** Goes on with another context, since the one before has stopped. @param {AudioContext} context */
  useContext(context) {
    this.context = context;
    this.firstWords?.finish(false);
    this.openOrShut();
  }

  /** Opens the microphone again if it hears nothing at all: after a phone call, iOS gives back one that seems to live. */
  async revive() {
    const { stream, sound } = this.microphone;
    if (!stream || !sound || !(await isDead(this.context, stream))) return;
    if (this.microphone.stream === stream && !this.closed) await this.open(sound).catch(() => {}); // it recovers by itself
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.muted = muted;
    this.openOrShut();
  }

  /** Chooses push to talk: then the microphone is shut between turns. @param {boolean} byHand */
  takeTurnsByHand(byHand) {
    this.byHand = byHand;
    this.openOrShut();
  }

  /** Lets the microphone be heard, or not, as mute and the turns ask for now. */
  openOrShut() {
    const open = this.byHand ? this.turns.open : !this.muted;
    this.microphone.enable(open);
    if (!open && !this.turns.ended) this.firstWords?.forget();
    const { stream } = this.microphone;
    if (stream && this.muted && !this.byHand && !this.closed) this.mutedSpeech.watch(this.context, stream);
    else this.mutedSpeech.stop();
  }

  /** Keeps what is said from now on until `sendKept`. */
  keep() {
    const firstWords = (this.firstWords = new FirstWords(this.context, (sent) => this.catchUp(sent)));
    const { stream } = this.microphone;
    if (stream) firstWords.listenTo(stream);
  }

  sendKept() {
    this.firstWords?.send();
  }

  /** Sends by the connection of now: kept sound first, then the microphone itself. */
  send() {
    const { firstWords, microphone } = this;
    const track = firstWords && !firstWords.over ? firstWords.track : microphone.stream?.getAudioTracks()[0];
    if (track) this.sendTrack(track);
  }

  close() {
    this.closed = true;
    this.mutedSpeech.stop();
    this.microphone.close();
    this.firstWords?.close();
  }

  /** @param {MediaStream} stream */
  attach(stream) {
    if (!fits(this.context, stream)) this.onRateChanged();
    this.openOrShut();
    if (!this.firstWords?.over) this.firstWords?.listenTo(stream);
    this.send();
    this.onStream(stream);
  }

  /** @param {boolean} sent whether anything was sent late */
  catchUp(sent) {
    this.send();
    this.onCaughtUp(sent);
  }
}

/** Whether a context takes a stream: Firefox connects none of another rate. @param {AudioContext} context @param {MediaStream} stream */
function fits(context, stream) {
  try {
    context.createMediaStreamSource(stream).disconnect();
    return true;
  } catch {
    return false;
  }
}

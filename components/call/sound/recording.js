import { RecordingUpload } from "./recording_upload.js";

const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4;codecs=mp4a.40.2", "audio/mp4"];
const PIECE_MS = 2_000; // at most so much is lost if the browser is closed
const BITS_PER_SECOND = 96_000; // both voices
const CHANNELS = { user: 0, assistant: 1 };

/** @typedef {"user" | "assistant"} Voice */
/** @typedef {import("./recording_upload.js").Refusal} Refusal */

/**
 * Records the calls of a page while it has an address for it: the user on the left channel, the AI on the right one, as
 * both were heard. A muted microphone is silent, and so is what an interruption cut.
 */
export class CallRecorder {
  /**
   * @param {object} options
   * @param {(recording: boolean) => void} options.onRecording
   * @param {(refusal: Refusal) => void} options.onRefused the call goes on without being recorded
   */
  constructor({ onRecording, onRefused }) {
    this.onRecording = onRecording;
    this.onRefused = onRefused;
    this.url = "";
    this.live = this.refused = false;
    /** @type {AudioContext | null} */
    this.context = null;
    /** @type {Partial<Record<Voice, MediaStream>>} */
    this.streams = {};
    /** @type {Recording | null} */
    this.recording = null;
  }

  /** Records from now on, or no longer. @param {string} url where recordings are sent; "" records nothing */
  sendTo(url) {
    if (url === this.url) return;
    this.finish();
    this.url = url;
    this.refused = false;
    this.begin();
  }

  /** Takes a voice of the call, in place of the one before. @param {AudioContext} context @param {Voice} voice @param {MediaStream} stream */
  follow(context, voice, stream) {
    if (context !== this.context) this.finish();
    this.context = context;
    this.streams[voice] = stream;
    if (this.recording) this.recording.follow(voice, stream);
    else this.begin();
  }

  /** The call is live, so the conversation is kept: what was recorded so far may be sent. */
  goLive() {
    this.live = true;
    this.recording?.upload.open();
  }

  /** The call is over. */
  end() {
    this.finish();
    this.context = null;
    this.streams = {};
    this.live = this.refused = false;
  }

  begin() {
    const { context, streams, url } = this;
    if (this.recording || this.refused || !url || !context || !streams.user) return;
    const type = TYPES.find((type) => window.MediaRecorder?.isTypeSupported(type));
    if (!type) return this.refuse("unsupported");
    const upload = new RecordingUpload(url, type, (refusal) => this.recording?.upload === upload && this.refuse(refusal));
    this.recording = new Recording(context, type, upload);
    for (const voice of /** @type {const} */ (["user", "assistant"])) {
      const stream = streams[voice];
      if (stream) this.recording.follow(voice, stream);
    }
    if (this.live) upload.open();
    this.onRecording(true);
  }

  finish() {
    if (!this.recording) return;
    this.recording.stop();
    if (!this.live) this.recording.upload.discard(); // nothing of this call is kept
    this.recording = null;
    this.onRecording(false);
  }

  /** @param {Refusal} refusal */
  refuse(refusal) {
    this.refused = true;
    this.finish();
    this.onRefused(refusal);
  }
}

/** One recording: both voices are merged, recorded, and handed on in pieces. */
class Recording {
  /** @param {AudioContext} context @param {string} type @param {RecordingUpload} upload */
  constructor(context, type, upload) {
    this.context = context;
    this.upload = upload;
    /** @type {Partial<Record<Voice, MediaStreamAudioSourceNode>>} */
    this.sources = {};
    this.merger = context.createChannelMerger(2);
    const both = new MediaStreamAudioDestinationNode(context, { channelCount: 2 });
    this.merger.connect(both);
    this.recorder = new MediaRecorder(both.stream, { mimeType: type, audioBitsPerSecond: BITS_PER_SECOND });
    this.recorder.onstart = () => upload.begin();
    this.recorder.ondataavailable = ({ data }) => upload.add(data, this.recorder.state === "inactive");
    this.recorder.start(PIECE_MS);
  }

  /** @param {Voice} voice @param {MediaStream} stream */
  follow(voice, stream) {
    this.sources[voice]?.disconnect();
    const source = (this.sources[voice] = this.context.createMediaStreamSource(stream));
    source.connect(this.merger, 0, CHANNELS[voice]);
  }

  stop() {
    if (this.recorder.state !== "inactive") this.recorder.stop();
    for (const source of Object.values(this.sources)) source.disconnect();
    this.merger.disconnect();
  }
}

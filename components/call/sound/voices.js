import { AudioSession } from "./audio_session.js";
import { CallRecorder } from "./recording.js";
import { Speaker } from "./speaker.js";

/** @typedef {import("./recording.js").Voice} Voice */

/**
 * @typedef {object} VoicesOptions
 * @property {HTMLElement} home parent of the element that plays the AI's voice
 * @property {(voice: Voice, context: AudioContext, stream: MediaStream) => void} onVoice there is one to draw
 * @property {(blocked: boolean) => void} onBlocked sound needs a tap, see `unblock`; or no longer
 * @property {(context: AudioContext) => void} onContext the call goes on with another context
 * @property {() => void} onReturned sound is back after an interruption; the microphone may not be
 * @property {() => void} onSpeakerMoved the chosen one is not connected; the system default is used
 * @property {(recording: boolean) => void} onRecording
 * @property {(refusal: import("./recording.js").Refusal) => void} onRecordingRefused
 */

/** The voices of a page's calls, user's and AI's: plays what is to be heard, and hands both on to be drawn and recorded. */
export class Voices {
  /** @param {VoicesOptions} options */
  constructor({ home, onVoice, onBlocked, onContext, onReturned, onSpeakerMoved, onRecording, onRecordingRefused }) {
    this.onVoice = onVoice;
    /** @type {Partial<Record<Voice, MediaStream>>} */
    this.streams = {};
    this.recorder = new CallRecorder({ onRecording, onRefused: onRecordingRefused });
    this.speaker = new Speaker({ home, id: "remote-voice", onMoved: onSpeakerMoved });
    this.audio = new AudioSession({
      speaker: this.speaker,
      onBlocked,
      onReplaced: (context) => {
        onContext(context);
        for (const voice of /** @type {const} */ (["user", "assistant"])) this.show(voice, this.streams[voice]);
      },
      onReturned,
    });
  }

  /** A call begins, inside a click, or Safari stays silent. @param {import("./devices.js").Sound} sound */
  begin(sound) {
    return this.audio.begin(sound);
  }

  /** The call has a microphone, or another one. @param {MediaStream} stream */
  hear(stream) {
    this.audio.listenTo(stream);
    this.show("user", stream);
  }

  /** The AI has a voice. @param {MediaStream} stream */
  play(stream) {
    this.speaker.play(stream);
    this.show("assistant", stream);
  }

  /** @param {Voice} voice @param {MediaStream} [stream] */
  show(voice, stream) {
    this.streams[voice] = stream;
    const { context } = this.audio;
    if (!context || !stream) return;
    this.onVoice(voice, context, stream);
    this.recorder.follow(context, voice, stream);
  }

  /** The call is over. */
  end() {
    this.recorder.end();
    this.audio.end();
    this.streams = {};
  }

  remove() {
    this.audio.close();
    this.speaker.remove();
  }
}

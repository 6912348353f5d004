/** Hertz of the two notes: up when a call begins, down when it ends. @type {Record<Tone, [number, number]>} */
const NOTES = { connected: [587, 880], ended: [587, 392] };

const NOTE_S = 0.09;
const LOUDNESS = 0.05; // of full scale: heard, but softer than any voice

/** @typedef {"connected" | "ended"} Tone */

/**
 * Plays a short sound that tells the state of a call to those who don't look. It has a context of its own, since that of
 * the call sleeps as soon as the call is over.
 * @param {Tone} tone
 * @param {number} volume from 0 to 1
 */
export async function play(tone, volume) {
  const context = new AudioContext();
  const loudness = new GainNode(context, { gain: 0 });
  loudness.connect(context.destination);
  NOTES[tone].forEach((frequency, index) => {
    const begin = context.currentTime + index * NOTE_S;
    const note = new OscillatorNode(context, { type: "sine", frequency });
    note.connect(loudness);
    note.start(begin);
    note.stop(begin + NOTE_S);
    loudness.gain.setTargetAtTime(LOUDNESS * volume, begin, 0.012);
    loudness.gain.setTargetAtTime(0, begin + NOTE_S * 0.6, 0.02); // without a click
  });
  setTimeout(() => context.close(), 1000); // also if the browser lets nothing be heard
}

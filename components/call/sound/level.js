/** Measures how loud a stream is at the moment. */
export class LevelMeter {
  /** @param {AudioContext} context @param {MediaStream} stream */
  constructor(context, stream) {
    this.source = context.createMediaStreamSource(stream);
    this.analyser = context.createAnalyser();
    this.analyser.fftSize = 2048;
    this.samples = new Float32Array(this.analyser.fftSize);
    this.source.connect(this.analyser);
  }

  /** @returns {number} decibels relative to full scale, down to -120 in digital silence */
  decibels() {
    this.analyser.getFloatTimeDomainData(this.samples);
    let sum = 0;
    for (const sample of this.samples) sum += sample * sample;
    return 10 * Math.log10(sum / this.samples.length + 1e-12);
  }

  close() {
    this.source.disconnect();
  }
}

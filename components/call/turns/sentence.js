/**
 * What the status line says of a call that has not failed.
 * @param {object} page
 * @param {string} page.state
 * @param {import("./activity.js").Activity} page.activity
 * @param {boolean} page.unsteady
 * @param {boolean} page.muted
 * @param {boolean} page.unheard somebody speaks while muted
 * @param {boolean} page.pushToTalk
 * @param {import("./hands.js").Steering} page.steering
 * @param {import("./talk.js").Talk} page.talk
 * @param {object} texts `call` of assets/languages
 * @returns {string}
 */
export function sentenceOn({ state, activity, unsteady, muted, unheard, pushToTalk, steering, talk }, texts) {
  if (state !== "live") return talk === "off" ? texts.states[state] : texts.talking.early;
  if (unsteady) return texts.unsteady;
  if (unheard) return texts.unheard[steering];
  if (talk !== "off") return texts.talking[talk];
  if (activity === "speaking") return texts.activities.speaking;
  if (pushToTalk) return activity === "listening" ? texts.talking.off[steering] : texts.activities[activity];
  return muted ? texts.muted : texts.activities[activity];
}

/** @typedef {ReturnType<typeof nothingShown>} ShownCall what the page shows of its calls */

/** The page before its first call. */
export const nothingShown = () => ({
  state: /** @type {import("lifecycle").CallState} */ ("idle"),
  failure: /** @type {import("failure").Explanation | null} */ (null),
  activity: /** @type {import("activity").ActivityName} */ ("listening"),
  answering: false, // whether there is an answer to stop
  muted: false,
  withMicrophone: true, // whether the call has one
  adding: false, // whether a microphone is being added
  mutedSpeech: false, // whether the user speaks while muted
  trouble: /** @type {import("microphone").Trouble} */ (null),
  renewing: false, // whether the call is recovering from nothing but the end of the service's session
  idle: 0, // seconds until the call hangs up because nobody seems to be there; 0 if somebody is
  unsteady: false, // whether the network is lost for the moment
  recording: false,
  blocked: false, // whether sound needs a tap
  path: /** @type {import("route").Path | null | undefined} */ (null),
});

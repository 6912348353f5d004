import { CallFailure } from "./realtime_failure.js";

/** What the errors of getUserMedia mean (W3C Media Capture and Streams, section 10.2). */
const CODES = {
  NotAllowedError: "microphone_refused",
  SecurityError: "microphone_refused",
  NotFoundError: "microphone_missing",
  OverconstrainedError: "microphone_missing",
  NotReadableError: "microphone_busy",
  AbortError: "microphone_busy",
};

/** @returns {Promise<MediaStream>} */
export async function openMicrophone() {
  if (!window.isSecureContext) throw new CallFailure("insecure_page", location.origin);
  if (!navigator.mediaDevices?.getUserMedia) throw new CallFailure("microphone_unsupported");
  try {
    return await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
  } catch (error) {
    throw new CallFailure(CODES[error.name] ?? "microphone_busy", `${error.name}: ${error.message}`);
  }
}

/**
 * Whether the microphone will open without asking. Only then may the call be placed before it is open:
 * nobody should have a call running behind a question that they have not answered.
 * @returns {Promise<boolean>}
 */
export async function microphoneGranted() {
  try {
    return (await navigator.permissions.query({ name: "microphone" })).state === "granted";
  } catch {
    return false; // Firefox before 131 does not know the name
  }
}

/** @param {MediaStream} [stream] */
export function release(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

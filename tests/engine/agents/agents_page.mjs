/** The page of the test: calls by WebRTC with the microphone of the browser. */
import * as library from "/agents/openai-realtime-agents.mjs";
import { Talk } from "/agents/agents_talk.mjs";

/** @param {string} apiKey */
export async function call(apiKey) {
  const transport = new library.OpenAIRealtimeWebRTC({ baseUrl: `${location.origin}/v1/realtime/calls` });
  const talk = new Talk(library, transport);
  await talk.session.connect({ apiKey });
  return talk;
}

/** How much the remote voice was to be heard until now. @param {Talk} talk */
export async function voiceEnergy(talk) {
  const stats = await talk.transport.connectionState.peerConnection.getStats();
  return [...stats.values()].find(({ type }) => type === "inbound-rtp").totalAudioEnergy;
}

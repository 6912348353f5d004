/**
 * Talks over a WebSocket, and prints what happened as JSON.
 *
 *     node agents_node.mjs LIBRARY URL KEY < SOUND
 *
 * LIBRARY is the file to import; SOUND is the spoken question, mono s16 at 24 kHz.
 */
import { buffer } from "node:stream/consumers";
import { Talk } from "./agents_talk.mjs";

const PIECE = 4800; // bytes, 100 ms
const [file, url, apiKey] = process.argv.slice(2);
const library = await import(file);
const talk = new Talk(library, new library.OpenAIRealtimeWebSocket({ url }));
let heard = 0;
talk.session.on("audio", ({ data }) => (heard += data.byteLength));

await talk.session.connect({ apiKey });
const sound = new Uint8Array(await buffer(process.stdin));
for (let at = 0; at < sound.length; at += PIECE) talk.session.sendAudio(sound.slice(at, at + PIECE).buffer);
const question = await talk.said("user", "time");
const answer = await talk.said("assistant", "It is");
talk.session.sendMessage("Spell house");
const spelled = await talk.said("assistant", "H, O, U, S, E");
talk.session.close();
console.log(JSON.stringify({ question, answer, spelled, heard, errors: talk.errors, events: talk.events }));

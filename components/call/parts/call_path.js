import { defineComponent } from "vue";

/** The badge that tells which way the sound of a live call goes; hovering it shows the details. */
export const CallPath = defineComponent({
  template: `<span class="call__way" data-testid="call-way" :data-transport="path.transport" :title="details">{{ name }}</span>`,
  props: {
    texts: { type: Object, required: true },
    path: { type: /** @type {import("vue").PropType<import("route").Path>} */ (Object), required: true },
  },
  computed: {
    name() {
      const { transport, relayed } = this.path;
      return transport === "webrtc" && relayed ? this.texts.webrtc.relayed : this.texts[transport].name;
    },
    details() {
      const { transport, protocol, relayed } = this.path;
      if (transport === "relay") return this.texts.relay.hint;
      const hint = relayed ? this.texts.webrtc.relayed_hint : this.texts.webrtc.hint;
      return `${["WebRTC", protocol?.toUpperCase()].filter(Boolean).join(" · ")}. ${hint}`;
    },
  },
});

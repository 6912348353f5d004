import { takePicture } from "message_pictures";

/** A dialog that takes one picture. The camera is on only while the dialog is open. */
export default {
  template: `
    <dialog ref="dialog" class="camera" :aria-label="texts.camera" @close="shut">
      <video ref="video" class="camera__view" autoplay playsinline muted @loadeddata="ready = true"></video>
      <p v-if="problem" class="camera__problem" role="alert">{{ problem }}</p>
      <div class="camera__tools">
        <button type="button" @click="$refs.dialog.close()">{{ texts.cancel }}</button>
        <button type="button" class="camera__take" data-testid="take-picture" :disabled="!ready" @click="take">{{ texts.take }}</button>
      </div>
    </dialog>`,
  props: { texts: Object },
  emits: ["picture"],
  data: () => ({ ready: false, problem: "" }),
  beforeUnmount() {
    this.shut();
  },
  methods: {
    async open() {
      Object.assign(this, { ready: false, problem: "" });
      this.$refs.dialog.showModal();
      try {
        const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        if (this.$refs.dialog?.open) this.$refs.video.srcObject = this.stream = stream;
        else release(stream); // closed while the permission prompt was open
      } catch (error) {
        this.problem = error.name === "NotAllowedError" ? this.texts.camera_refused : this.texts.camera_missing;
      }
    },
    take() {
      const { video, dialog } = this.$refs;
      this.$emit("picture", takePicture(video, { width: video.videoWidth, height: video.videoHeight }));
      dialog.close();
    },
    shut() {
      release(this.stream);
      this.stream = null;
    },
  },
};

/** @param {MediaStream | null} [stream] */
function release(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

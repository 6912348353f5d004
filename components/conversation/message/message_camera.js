import { takePicture } from "message_pictures";
import { isForbidden } from "permission";
import { defineComponent, useTemplateRef } from "vue";

/** Takes one picture with the camera, which is on only while its dialog is open. */
export const MessageCamera = defineComponent({
  template: `
    <dialog ref="dialog" class="camera" :aria-label="texts.camera" @close="stop">
      <video ref="video" class="camera__view" autoplay playsinline muted @loadeddata="ready = true"></video>
      <p v-if="problem" class="camera__problem" role="alert">{{ problem }}</p>
      <div class="camera__tools">
        <button type="button" @click="dialog.close()">{{ texts.cancel }}</button>
        <button type="button" class="camera__take" data-testid="take-picture" :disabled="!ready" @click="take">{{ texts.take }}</button>
      </div>
    </dialog>`,
  props: { texts: { type: Object, required: true } },
  emits: ["picture"],
  data: () => ({ ready: false, problem: "" }),
  setup: () => ({
    dialog: /** @type {TemplateRef<HTMLDialogElement | null>} */ (useTemplateRef("dialog")),
    video: /** @type {TemplateRef<HTMLVideoElement | null>} */ (useTemplateRef("video")),
    stream: /** @type {MediaStream | null} */ (null),
  }),
  beforeUnmount() {
    this.stop();
  },
  methods: {
    async open() {
      this.ready = false;
      this.problem = "";
      this.dialog?.showModal();
      try {
        const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
        if (this.dialog?.open && this.video) this.video.srcObject = this.stream = stream;
        else release(stream); // closed while the permission prompt was open
      } catch (error) {
        this.problem = this.problemOf(error);
      }
    },
    /** @param {unknown} error of getUserMedia */
    problemOf(error) {
      const { camera_forbidden, camera_refused, camera_missing } = this.texts;
      if (!(error instanceof DOMException) || error.name !== "NotAllowedError") return camera_missing;
      return isForbidden("camera") ? camera_forbidden : camera_refused;
    },
    take() {
      const { video } = this;
      if (video) this.$emit("picture", takePicture(video, { width: video.videoWidth, height: video.videoHeight }));
      this.dialog?.close();
    },
    stop() {
      release(this.stream);
      this.stream = null;
    },
  },
});

/** @param {MediaStream | null} stream */
function release(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

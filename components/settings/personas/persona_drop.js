import { defineComponent, useTemplateRef } from "vue";

/** Accepts persona files, dropped anywhere on it or chosen from the disk. Emits their content as a `data:` URL. */
export default defineComponent({
  template: `
    <div
      class="persona-drop"
      :class="{ 'persona-drop--target': target }"
      @dragover="onDrag"
      @dragleave.self="target = false"
      @drop="onDrop"
    >
      <slot></slot>
      <input ref="input" type="file" accept=".json,application/json" hidden data-testid="persona-file" @change="onChange">
    </div>
  `,
  props: { largest: { type: Number, required: true } }, // bytes
  emits: ["file", "too-large"],
  data: () => ({ target: false }),
  setup: () => ({ input: /** @type {TemplateRef<HTMLInputElement>} */ (useTemplateRef("input")) }),
  methods: {
    /** Lets the user choose a file; to be called inside a click, or browsers refuse. */
    choose() {
      this.input.click();
    },
    onChange() {
      this.read(this.input.files?.[0]);
      this.input.value = ""; // so that the same file can be chosen again
    },
    /** @param {DragEvent} event */
    onDrag(event) {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      this.target = true;
    },
    /** @param {DragEvent} event */
    onDrop(event) {
      if (!this.target) return;
      event.preventDefault();
      this.target = false;
      this.read(event.dataTransfer?.files[0]);
    },
    /** @param {File | undefined} file */
    read(file) {
      if (!file) return;
      if (file.size > this.largest) return this.$emit("too-large");
      const reader = new FileReader();
      reader.onload = () => this.$emit("file", reader.result);
      reader.onerror = () => this.$emit("file", ""); // deleted or not readable
      reader.readAsDataURL(file);
    },
  },
});

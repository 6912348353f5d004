// Takes files of personas, dropped on it or chosen from the disk.

export default {
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
  props: { largest: Number },
  emits: ["file", "too-large"],
  data: () => ({ target: false }),
  methods: {
    /** Let the user choose a file. Browsers allow it only within a click. */
    choose() {
      this.$refs.input.click();
    },
    /** @param {Event} event */
    onChange({ target }) {
      this.read(target.files[0]);
      target.value = ""; // so that the same file can be chosen again
    },
    /** @param {DragEvent} event */
    onDrag(event) {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      this.target = true;
    },
    /** @param {DragEvent} event */
    onDrop(event) {
      if (!this.target) return;
      event.preventDefault();
      this.target = false;
      this.read(event.dataTransfer.files[0]);
    },
    /** @param {File | undefined} file */
    read(file) {
      if (!file) return;
      if (file.size > this.largest) return this.$emit("too-large");
      const reader = new FileReader();
      reader.onload = () => this.$emit("file", reader.result);
      reader.onerror = () => this.$emit("file", ""); // deleted meanwhile, or not readable
      reader.readAsDataURL(file);
    },
  },
};

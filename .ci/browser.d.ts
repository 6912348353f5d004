// What the JavaScript of Parley finds in the browser beyond TypeScript's own library, see tsconfig.json.

/** An event of the Realtime protocol, from the service or to it. */
interface RealtimeEvent {
  type: string;
  [field: string]: any;
}

/** The words of one section of assets/languages. */
type Texts = Record<string, any>;

/** An element or a component of a template, as `useTemplateRef` gives it. It is there once the component is mounted. */
type TemplateRef<T> = import("vue").ShallowRef<T>;

// NiceGUI
declare function getElement(id: number): any;
interface Window {
  clientId: string;
  path_prefix?: string;
  did_handshake?: boolean;
  socket?: Record<"on" | "once" | "off", (event: string, listener: (message: any) => void) => void> & {
    emit(event: string, ...parameters: any[]): void;
    connected: boolean;
    connect(): void;
    disconnect(): void;
    listeners(event: string): ((message: any) => void)[];
  };
}

// AudioWorkletGlobalScope (W3C Web Audio, section 1.32)
declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(
  name: string,
  processor: new () => AudioWorkletProcessor & { process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean },
): void;

// Network Information API; Chromium only
interface Navigator {
  readonly connection?: Partial<EventTarget> & { readonly type?: string };
}

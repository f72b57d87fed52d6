/** Makes a LiteGraph node class of a definition. */
import { NODE_FIELDS } from "../graph/clean";
import { MODE } from "../graph/modes";
import type { AnySchema, Param } from "../graph/node";
import { checkParam } from "../graph/param";
import type { StoredNode } from "../graph/stored";
import { drawAccent, drawEnd, drawOutline, drawState, splitAt } from "./drawing";
import { type LGraphCanvas, type LGraphNode, type LiteGraphHost, type NodeClass, plain, type Vector2 } from "./host";
import { contains, footerBox, isCollapsed, lookOf, minimumSize, widgetAt } from "./layout";
import { drawMode, modeText } from "./mode";
import { inputSlots, outputSlots, paramSlot, restoreSlots, storedInputs, storedOutputs } from "./slots";
import { runtimeOf, setError, stateOf } from "./state";
import { socketColour, themeOf } from "./theme";
import { editorButton, widgetFor } from "./widgets";
import { buttonWidget } from "./widgets/button";
import { severalFiles, takeFile } from "./widgets/file";

/** The fields of a stored node that a node takes over as they are. */
const FIELDS = ["id", "title", "pos", "size", "flags", "mode", "order", "color", "bgcolor", "boxcolor", "shape"] as const;

type Stored = Parameters<LGraphNode["configure"]>[0];
type Pointer = MouseEvent & { canvasX?: number; canvasY?: number };
type Tip = { help?: string };

/** A value of the node's own; most are plain, and copied by being read. */
const copied = (value: unknown): unknown => (typeof value === "object" && value !== null ? structuredClone(value) : value);

/** The stored fields that are safe to copy onto a node. Nothing else in a file can reach a method. */
export function safeFields(info: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const clean: Record<string, unknown> = {};
  for (const field of FIELDS) if (info[field] !== undefined && info[field] !== null) clean[field] = info[field];
  if (typeof clean.title !== "string") delete clean.title;
  if (typeof clean.id !== "number") delete clean.id;
  return clean;
}

export function nodeClass(host: LiteGraphHost, def: AnySchema): NodeClass {
  const look = lookOf(def);
  const computes = Object.keys(def.outputs).length > 0;
  const theme = themeOf(host);
  const params = Object.entries(def.params as Record<string, Param>);
  const files = params.filter(([, { kind }]) => kind === "file");
  const sockets = [...Object.values(def.outputs), ...Object.values(def.inputs)];
  const accentType = sockets.map((socket) => (socket as { type: string }).type)[0] ?? "";

  const { changeMode } = host.LGraphNode.prototype as unknown as { changeMode(mode: number): boolean };

  class SftganNode extends host.LGraphNode {
    static override title = def.title;
    static desc = plain(def.description);
    static get color() {
      return theme.title;
    }
    static get bgcolor() {
      return theme.node;
    }
    static get title_text_color() {
      return theme.text;
    }
    static definition = def;
    static host = host;

    #configuring = false;
    /** What others have stored on the node, beside its own fields. */
    #others: Readonly<Record<string, unknown>> = {};
    #dividing = false;
    #dropped: File[] = [];

    constructor(title?: string) {
      super(title ?? def.title);
      // Menus, panels and litegraph's forks each set the mode in a way of their own.
      let mode: number = MODE.always;
      Object.defineProperty(this, "mode", {
        enumerable: true,
        get: () => mode,
        set: (value: number) => {
          if (value === mode) return;
          mode = value;
          if (!this.#configuring) runtimeOf(this)?.changed(this);
          this.setDirtyCanvas(true, true);
        },
      });
      this.inputs = inputSlots(theme, def);
      this.outputs = outputSlots(theme, def);
      for (const slot of this.inputs) host.registerNodeAndSlotType?.(this, slot.type);
      for (const slot of this.outputs) host.registerNodeAndSlotType?.(this, slot.type, true);
      this.properties = Object.fromEntries(params.map(([name, param]) => [name, copied(param.default)]));
      for (const [name, param] of params) {
        const widget = widgetFor({ host, node: this, name, param });
        if (widget) this.addCustomWidget(widget);
        const several = param.kind === "file" && editorButton({ host, node: this, name, param });
        if (several) this.addCustomWidget(several);
      }
      if (def.sink === "on demand")
        this.addCustomWidget(
          buttonWidget(host, "Save file", "Computes this node and downloads its file", () => {
            const runtime = runtimeOf(this);
            if (runtime)
              runtime.download(this).catch(() => {}); // said on the node
            else setError(this, "its file cannot be computed, because nothing runs this graph: call attach(graph) first");
          }),
        );
      this.size = this.computeSize();
    }

    override computeSize(): Vector2 {
      return minimumSize(this, look);
    }

    /** Adding or removing a slot keeps the size the user gave the node. A parameter's slot is typed and coloured as such. */
    override addInput(name: string, type: Parameters<LGraphNode["addInput"]>[1], extra?: Parameters<LGraphNode["addInput"]>[2]) {
      const size = [...this.size] as Vector2;
      const own = Object.hasOwn(def.params, name) ? paramSlot(theme, name, def.params[name] as Param) : undefined;
      const slot = super.addInput(name, own?.type ?? type, { ...extra, ...own });
      this.#atLeast(size);
      return slot;
    }
    override removeInput(slot: number): void {
      const size = [...this.size] as Vector2;
      super.removeInput(slot);
      this.#atLeast(size);
    }
    #atLeast(size: ArrayLike<number>): void {
      const [width, height] = this.computeSize();
      this.size = [Math.max(size[0] ?? 0, width), Math.max(size[1] ?? 0, height)];
    }

    /** As litegraph's, which knows no bypass. For "on trigger" it adds two slots of events, and keeps the node's size. */
    changeMode(mode: number): boolean {
      const size = [...this.size] as Vector2;
      const isKnown = mode === MODE.bypass || changeMode.call(this, mode);
      if (isKnown) this.mode = mode as never;
      this.#atLeast(size);
      return isKnown;
    }

    /** Parameters that a link can feed, for litegraph's "Inputs" menu. */
    onGetInputs() {
      return params.flatMap(([name, param]) => {
        const slot = paramSlot(theme, name, param);
        return !slot || this.inputs.some((input) => input.name === name) ? [] : [[name, slot.type, slot]];
      });
    }

    // Storing and restoring

    override configure(info: Stored): void {
      const stored = info as unknown as Readonly<Record<string, unknown>>;
      const own = typeof stored.properties === "object" && stored.properties !== null ? stored.properties : {};
      const earlier = params.filter(([, param]) => "legacyDefault" in param).map(([name, param]) => [name, param.legacyDefault]);
      const stated = Object.entries(own).filter(([name]) => name !== "__proto__");
      const properties = Object.fromEntries([...earlier, ...stated].map(([name, value]) => [name, copied(value)]));
      this.#configuring = true;
      try {
        super.configure({ ...safeFields(stored), properties } as unknown as Stored);
      } finally {
        this.#configuring = false;
      }
      this.#others = structuredClone(Object.fromEntries(Object.entries(stored).filter(([key]) => !NODE_FIELDS.includes(key))));
      restoreSlots(this, theme, def, info as unknown as StoredNode);
      this.#atLeast(this.size);
      runtimeOf(this)?.changed(this);
    }

    override onSerialize(stored: Stored): void {
      const out = stored as unknown as Record<string, unknown>;
      for (const [key, value] of Object.entries(this.#others)) if (!Object.hasOwn(out, key)) out[key] = structuredClone(value);
      out.pos = [this.pos[0], this.pos[1]]; // litegraph's array is longer
      out.size = [this.size[0], this.size[1]];
      out.inputs = storedInputs(this);
      out.outputs = storedOutputs(this);
    }

    // Changes

    /** Refuses a value that does not fit, with a message on the node. What a file holds is kept as it is and said by the run. */
    override onPropertyChanged(name: string, value: unknown): boolean {
      if (this.#configuring) return true;
      const param = Object.hasOwn(def.params, name) ? (def.params[name] as Param) : undefined;
      const message = param && checkParam(name, param, value);
      if (message) setError(this, message);
      else runtimeOf(this)?.changed(this);
      return !message;
    }
    override onConnectionsChange(): void {
      if (!this.#configuring) runtimeOf(this)?.changed(this);
    }
    override onAdded(): void {
      runtimeOf(this)?.changed(this);
    }
    override onRemoved(): void {
      runtimeOf(this)?.changed(this);
    }
    /** Called by the page's own loop; in the mode "on trigger" by an event instead, which asks for this node. */
    override onExecute(): void {
      if (this.mode === MODE.onTrigger) this.onAction();
      else runtimeOf(this)?.step(this);
    }
    onAction(): void {
      runtimeOf(this)?.trigger(this);
    }
    /** litegraph would say at once that a triggered node has run: the runtime does when it has. */
    onAfterExecuteNode(): void {}

    // Files

    /** litegraph calls this once for each of several dropped files, always with the first: several are refused. */
    takeDrop(file: File): void {
      if (this.#dropped.push(file) > 1) return;
      queueMicrotask(() => {
        const count = this.#dropped.length;
        this.#dropped = [];
        if (count === 1) takeFile(this, files[0]![0], file);
        else setError(this, severalFiles(count));
      });
    }

    // Drawing

    override onDrawBackground(ctx: CanvasRenderingContext2D): void {
      if (!isCollapsed(this)) drawAccent(ctx, this, socketColour(theme, accentType));
    }
    override onDrawForeground(ctx: CanvasRenderingContext2D, canvas: unknown): void {
      if (isCollapsed(this)) drawEnd(ctx, this, stateOf(this));
      else if (computes) drawState(ctx, this, look, stateOf(this), (canvas as LGraphCanvas).ds?.scale ?? 1);
      drawMode(ctx, this);
      drawOutline(ctx, this, theme, host.NODE_TITLE_HEIGHT);
    }
    /** The error below the node counts as part of it, so that it is drawn while in view. */
    onBounding(area: Float32Array): void {
      if (stateOf(this).phase === "failed" && !isCollapsed(this)) area[3]! += 80;
    }
    override isPointInside(x: number, y: number, margin = 0, skipTitle = false): boolean {
      const inside = super.isPointInside(x, y, margin, skipTitle);
      return inside && (isCollapsed(this) || y <= this.pos[1] + this.size[1] + margin);
    }

    // Pointer

    override onMouseDown(_event: MouseEvent, pos: Vector2): boolean {
      const split = splitAt(this, look, pos);
      if (split === undefined || isCollapsed(this)) return false;
      this.#dividing = true;
      stateOf(this).split = split;
      this.captureInput(true);
      return true;
    }
    override onMouseMove(event: Pointer, pos: Vector2, canvas: LGraphCanvas): void {
      if (this.#dividing && event.buttons !== 0) {
        stateOf(this).split = splitAt(this, look, pos, true) ?? 0.5;
        this.setDirtyCanvas(true, false);
      } else if (this.#dividing) this.onMouseUp();
      if (canvas?.canvas) canvas.canvas.title = this.tooltip(pos);
    }
    override onMouseUp(): void {
      if (!this.#dividing) return;
      this.#dividing = false;
      this.captureInput(false);
    }
    override onMouseLeave(): void {
      const canvases = this.graph?.list_of_graphcanvas ?? [];
      for (const { canvas } of canvases) if (canvas) canvas.title = "";
    }

    /** What to say about the place under the pointer. */
    tooltip(pos: Readonly<Vector2>): string {
      const state = stateOf(this);
      const [x, y] = pos;
      if (y < 0) return (state.phase === "failed" && state.error) || modeText(this) || def.description;
      const row = Math.floor(y / 20);
      if (x < 60 && this.inputs[row]) return (this.inputs[row] as Tip).help ?? "";
      if (x > this.size[0] - 60 && this.outputs[row]) return (this.outputs[row] as Tip).help ?? "";
      const widget = widgetAt(this, y);
      if (widget) return widget.tip?.([x, y]) ?? widget.help ?? "";
      if (state.phase === "failed" && state.error) return state.error;
      return contains(footerBox(this), pos) ? [state.summary, ...(state.warnings ?? [])].join("; ") : "";
    }

    /** litegraph's "Properties" menu would turn text into NaN and write names into the page as HTML: the widgets do its work. */
    getExtraMenuOptions(_canvas: LGraphCanvas, options: ({ content?: string } | null)[]): null {
      const at = options.findIndex((option) => option?.content === "Properties");
      if (at >= 0) options.splice(at, options[at + 1] === null ? 2 : 1);
      return null;
    }
  }

  Object.defineProperty(SftganNode, "name", { value: def.type });
  if (files.length) Object.assign(SftganNode.prototype, { onDropFile: SftganNode.prototype.takeDrop });
  return SftganNode as unknown as NodeClass;
}

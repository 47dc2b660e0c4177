/** What JupyterLab's packages expect of a browser and jsdom does not have. */

class SilentResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

const absent: Record<string, unknown> = {
  DragEvent: class extends MouseEvent {},
  ResizeObserver: SilentResizeObserver,
  matchMedia: (query: string) => ({
    matches: false,
    media: query,
    addEventListener: () => undefined,
    removeEventListener: () => undefined
  }),
  requestIdleCallback: (run: () => void) => setTimeout(run, 0),
  cancelIdleCallback: (id: number) => {
    clearTimeout(id);
  }
};

for (const [name, value] of Object.entries(absent)) {
  if (Reflect.get(globalThis, name) === undefined) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  }
}
